/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation;

import io.vmallocfleet.agent.vmallocinfo.Caller;
import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * One made-up host: a capture whose threads come and go. The same seed and the same steps give the
 * same host.
 */
final class SimulatedHost {
  /** How long a host that will jump behaves: a baseline is needed to tell a jump from a level. */
  static final Duration JUMP_AFTER = Duration.ofSeconds(100);

  /** One purpose, many names: the function that inlined the stack allocator differs by build. */
  private static final List<String> STACK_OWNERS =
      List.of("kernel_clone", "_do_fork", "copy_process", "dup_task_struct");

  private static final long MIB_PAGES = (1 << 20) / AddressSpace.PAGE;
  private static final long STACK_PAGES = 4;
  private static final long STACK_ALIGNMENT = STACK_PAGES * AddressSpace.PAGE;
  private static final double LEAKED_MAPS_PER_SECOND = 2;
  private static final long JUMP_PAGES = 160 * MIB_PAGES;
  private static final long PURGE_AT = 64 << 20;

  private final AddressSpace space;
  private final Optional<Misbehaviour> misbehaviour;
  private final SplittableRandom random;
  private final Caller stackOwner;
  private final int usualThreads;
  private Duration age = Duration.ZERO;
  private long leakedMaps;
  private boolean jumped;

  SimulatedHost(List<VmallocArea> capture, long seed, Optional<Misbehaviour> misbehaviour) {
    this.space = new AddressSpace(capture, PURGE_AT);
    this.misbehaviour = misbehaviour;
    // SplittableRandom mixes its seed, so that consecutive seeds do not start alike.
    this.random = new SplittableRandom(seed);
    List<VmallocArea> stacks = stacks();
    this.stackOwner = stacks.get(0).caller();
    this.usualThreads = stacks.size() + random.nextInt(stacks.size());
  }

  /** Lives on for that long and shows its file. */
  byte[] step(Duration elapsed) {
    age = age.plus(elapsed);
    threadsComeAndGo();
    misbehaviour.ifPresent(this::misbehave);
    return space.text();
  }

  /** Pulls the number of threads back to the usual one, with noise of a few per cent. */
  private void threadsComeAndGo() {
    List<VmallocArea> stacks = stacks();
    int target = usualThreads + random.nextInt(usualThreads / 10 + 1);
    int exits =
        Math.min(stacks.size() - 1, random.nextInt(6) + Math.max(0, stacks.size() - target) / 2);
    for (int i = 0; i < exits; i++) {
      space.free(stacks.get(stacks.size() - 1 - i));
    }
    int forks = random.nextInt(6) + Math.max(0, target - stacks.size()) / 2;
    for (int i = 0; i < forks; i++) {
      space.allocate(stackOwner, STACK_PAGES, STACK_ALIGNMENT);
    }
  }

  private void misbehave(Misbehaviour how) {
    switch (how) {
      case LEAK -> {
        long due = (long) (age.toMillis() / 1000.0 * LEAKED_MAPS_PER_SECOND);
        for (; leakedMaps < due; leakedMaps++) {
          space.allocate(caller(how, "+0x2b1/0x3d0"), MIB_PAGES, AddressSpace.PAGE);
        }
      }
      case JUMP -> {
        if (!jumped && age.compareTo(JUMP_AFTER) >= 0) {
          space.allocate(caller(how, "+0x36/0xd0"), JUMP_PAGES, AddressSpace.PAGE);
          jumped = true;
        }
      }
    }
  }

  private static Caller caller(Misbehaviour how, String offset) {
    return Caller.parse(how.caller() + offset).orElseThrow();
  }

  private List<VmallocArea> stacks() {
    return STACK_OWNERS.stream()
        .map(space::calledBy)
        .filter(areas -> !areas.isEmpty())
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a capture without kernel stacks"));
  }
}

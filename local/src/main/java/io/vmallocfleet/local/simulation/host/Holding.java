/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.agent.vmallocinfo.Caller;
import java.util.SplittableRandom;

/**
 * The areas one caller holds for one reason: its own life, or one effect of a scenario. Only the
 * holding that took an area gives it back.
 */
final class Holding {
  final int number;
  final int site;
  final Caller caller;
  final Placement placement;
  final int flags;
  final int[] sizes;
  final Areas.Request[] requests;
  final IntBag slots = new IntBag();
  final Areas.Cursor cursor = new Areas.Cursor();
  int everySecond;
  private long bytes;

  /**
   * @param site index of the caller among those of the host
   * @param flags as {@code AreaFlags} has them
   * @param sizes pages of an area; each is one of these
   * @param areas where they will be
   */
  Holding(
      int number,
      int site,
      Caller caller,
      Placement placement,
      int flags,
      int[] sizes,
      Areas areas) {
    this.number = number;
    this.site = site;
    this.caller = caller;
    this.placement = placement;
    this.flags = flags;
    this.sizes = sizes;
    long alignment = alignment(caller, placement, sizes);
    this.requests = new Areas.Request[sizes.length];
    for (int i = 0; i < sizes.length; i++) {
      requests[i] = areas.request(placement.region, placement.spanPages(sizes[i]), alignment);
    }
  }

  /**
   * Kernel stacks lie at multiples of their size, percpu chunks and huge areas at those of 2 MiB.
   */
  private static long alignment(Caller caller, Placement placement, int[] sizes) {
    if (placement == Placement.PERCPU) {
      return 1 << 21;
    }
    return switch (caller.function()) {
      case "kernel_clone", "dup_task_struct", "fork_idle" -> 4 * Areas.PAGE;
      case "alloc_large_system_hash" -> sizes[0] >= 512 ? 1 << 21 : Areas.PAGE;
      default -> Areas.PAGE;
    };
  }

  /** Memory held, bytes: what the kernel prints as {@code pages=}. */
  long bytes() {
    return bytes;
  }

  /** Index of the size that one more area has. */
  int sizeOfOne(SplittableRandom random) {
    return sizes.length == 1 ? 0 : random.nextInt(sizes.length);
  }

  void took(int slot, int printedPages) {
    slots.add(slot);
    bytes += (long) printedPages * Areas.PAGE;
  }

  void gave(int printedPages) {
    bytes -= (long) printedPages * Areas.PAGE;
  }
}

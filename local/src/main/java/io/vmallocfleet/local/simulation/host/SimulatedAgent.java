/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.local.simulation.Effect;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.function.Consumer;

/**
 * The agent on a simulated host and the way from there to the topic: numbers the snapshots, may see
 * nothing or be silent, may have a wrong clock, and what it sends may be lost, doubled or late.
 */
public final class SimulatedAgent {
  private static final int SAMPLES = 5;

  private final HostLife life;
  private final List<Effect> effects;
  private final SplittableRandom chance;
  private String run = "";
  private long sequence;
  private int bootsSeen;
  private boolean stopped = true;
  private boolean blindBefore;

  /**
   * @param effects what happens to its watching; others are ignored
   */
  public SimulatedAgent(HostLife life, List<Effect> effects) {
    this.life = life;
    this.effects = List.copyOf(effects);
    this.chance = new SplittableRandom(HostPlan.mix(life.plan().seed(), 5));
  }

  /** Reads the host as it is now and sends what it saw, if it runs. */
  public void read(Instant now, SnapshotWriter writer, Consumer<Delivered> out) {
    if (!life.isUp() || active(Effect.Silent.class, now) != null) {
      stopped = true;
      return;
    }
    if (stopped || life.boots() != bootsSeen) {
      start();
    }
    long at = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    var skew = (Effect.Skew) active(Effect.Skew.class, now);
    long takenAt = skew == null ? at : at + skew.offset().toMillis() * 1000;
    byte[] snapshot = snapshot(now, takenAt, writer);
    sequence++;
    send(new Delivered(life.plan().id(), snapshot, takenAt, at), now, out);
  }

  private void start() {
    // A fleet that lives again from another moment on must not pass for snapshots that were seen.
    run = new UUID(chance.nextLong() ^ life.lifeSeed(), chance.nextLong()).toString();
    sequence = 0;
    bootsSeen = life.boots();
    stopped = false;
    life.forgetChurn();
  }

  private byte[] snapshot(Instant now, long takenAtMicros, SnapshotWriter writer) {
    var blind = (Effect.Blind) active(Effect.Blind.class, now);
    var unparsed = (Effect.Unparsed) active(Effect.Unparsed.class, now);
    if (blind == null) {
      if (blindBefore) {
        life.forgetChurn();
      }
      life.write(writer);
    }
    blindBefore = blind != null;
    int malformed = blind != null || unparsed == null ? 0 : unparsed.lines();
    return writer.finish(
        new SnapshotHeader(
            life.identity(),
            run,
            sequence,
            takenAtMicros,
            300 + chance.nextInt(900),
            100 + chance.nextInt(300),
            blind == null ? AddressMode.REAL : AddressMode.UNKNOWN,
            blind == null ? "" : blind.reason(),
            0,
            0,
            malformed,
            samples(malformed),
            0,
            writer.omitted(),
            life.budget(),
            SpoolOccupancy.NONE));
  }

  private static List<String> samples(int malformed) {
    List<String> samples = new ArrayList<>();
    for (int i = 0; i < Math.min(SAMPLES, malformed); i++) {
      samples.add("line %d: size is no number: 0x…-0x… ?? vmalloc_node".formatted(i + 1));
    }
    return samples;
  }

  private void send(Delivered snapshot, Instant now, Consumer<Delivered> out) {
    var lost = (Effect.Lost) active(Effect.Lost.class, now);
    if (lost != null && chance.nextDouble() < lost.share()) {
      return;
    }
    Delivered sent = snapshot;
    var reordered = (Effect.Reordered) active(Effect.Reordered.class, now);
    if (reordered != null && chance.nextDouble() < reordered.share()) {
      long late = (long) (chance.nextDouble() * reordered.delay().toMillis() * 1000);
      sent =
          new Delivered(
              snapshot.hostId(),
              snapshot.snapshot(),
              snapshot.takenAtMicros(),
              snapshot.arrivesAtMicros() + late);
    }
    out.accept(sent);
    var duplicates = (Effect.Duplicates) active(Effect.Duplicates.class, now);
    if (duplicates != null && chance.nextDouble() < duplicates.share()) {
      out.accept(sent);
    }
  }

  private Effect active(Class<? extends Effect> kind, Instant now) {
    for (Effect effect : effects) {
      if (kind.isInstance(effect) && !now.isBefore(effect.from()) && now.isBefore(effect.until())) {
        return effect;
      }
    }
    return null;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.size;

import io.vmallocfleet.schemas.ByteCount;
import io.vmallocfleet.schemas.FleetTopic;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a fleet needs, each number with the formula it comes from. What a snapshot costs is taken
 * apart by what it grows with: reading it costs the same always, folding it grows with its areas,
 * the rest of the job with its callers.
 */
final class Estimate {
  /** Share of the time that is work; the rest is for a backlog after an outage. */
  private static final double BUSY = 0.5;

  private static final int REPLICAS = 3;

  /** The last checkpoint, and the one being written. */
  private static final int CHECKPOINTS = 2;

  /** Of a slot that holds no state: heap, network buffers, the JVM itself. */
  private static final double SLOT_BYTES = 1L << 30;

  /**
   * What a host takes of the heap for {@value #HEAP_CALLERS} callers: the slope of the live heap
   * from 10,000 to 50,000 hosts was 30 KiB with histories of minutes; full ones have 6 more.
   */
  private static final double HOST_HEAP_BYTES = 36 * 1024;

  private static final int HEAP_CALLERS = 73;

  /** Over what is alive, for what is young and what is being written to a checkpoint. */
  private static final double HEAP_PER_LIVE = 1.5;

  private final Fleet fleet;
  private final MeasuredCosts costs;

  /** One number of the answer: what, how much, and why. */
  record Line(String what, String amount, String why) {}

  Estimate(Fleet fleet, MeasuredCosts costs) {
    this.fleet = fleet;
    this.costs = costs;
  }

  List<Line> flink() {
    return List.of(
        line(
            "cores",
            number(flinkCores()),
            "%,.0f snapshots/s × %.0f µs / %.0f %% busy; µs = %.0f (a) + %.0f (b − a) × %d/%.0f areas + %.0f (c − b) × %d/%.0f callers",
            fleet.snapshotsPerSecond(),
            flinkMicros(),
            100 * BUSY,
            costs.bytesMicros(),
            costs.foldMicros() - costs.bytesMicros(),
            fleet.areas(),
            costs.areas(),
            costs.jobMicros() - costs.foldMicros(),
            fleet.callers(),
            costs.callers()),
        line("slots", String.valueOf(slots()), "a core each: parallelism.default"),
        line(
            "memory",
            bytes(memory()),
            "%d × %s a slot, and %.1f × %,d hosts × %s × %d/%d callers of state on the heap",
            slots(),
            bytes(SLOT_BYTES),
            HEAP_PER_LIVE,
            fleet.hosts(),
            bytes(HOST_HEAP_BYTES),
            fleet.callers(),
            HEAP_CALLERS),
        line(
            "checkpoint",
            bytes(state()),
            "%,d hosts × %s × %d/%.0f callers",
            fleet.hosts(),
            bytes(costs.stateBytes()),
            fleet.callers(),
            costs.callers()),
        line(
            "disk",
            bytes(CHECKPOINTS * state()),
            "%d × a checkpoint, which all TaskManagers reach: the last one, and the one being written",
            CHECKPOINTS),
        line(
            "network in",
            bytes(wireRate()) + "/s",
            "%,.0f snapshots/s × %s compressed (%s × %d/%.0f areas)",
            fleet.snapshotsPerSecond(),
            bytes(wireBytes()),
            bytes(costs.wireBytes()),
            fleet.areas(),
            costs.areas()));
  }

  List<Line> kafka() {
    return List.of(
        line(
            "cores",
            number(fleet.snapshotsPerSecond() * costs.brokerMicros() / 1e6 * REPLICAS / BUSY),
            "snapshots/s × %.0f µs × %d replicas / %.0f %% busy, over all brokers",
            costs.brokerMicros(),
            REPLICAS,
            100 * BUSY),
        line(
            "partitions",
            String.valueOf(Math.max(4, 2 * slots())),
            "of %s: twice the slots, so that Flink can double",
            FleetTopic.SNAPSHOTS.topicName()),
        line(
            "disk",
            bytes(
                REPLICAS
                    * (wireRate() * retention(FleetTopic.SNAPSHOTS).toSeconds()
                        + windowRate() * retention(FleetTopic.HOST_WINDOWS).toSeconds())),
            "%d replicas × (snapshots %s/s × %d days + host windows %s/s × %d days)",
            REPLICAS,
            bytes(wireRate()),
            retention(FleetTopic.SNAPSHOTS).toDays(),
            bytes(windowRate()),
            retention(FleetTopic.HOST_WINDOWS).toDays()),
        line(
            "network in",
            bytes(wireRate() + windowRate()) + "/s",
            "snapshots and host windows; as much to each of the %d other replicas",
            REPLICAS - 1),
        line(
            "network out",
            bytes(wireRate()) + "/s",
            "snapshots to Flink; as much for each SQL query that reads them"));
  }

  double flinkCores() {
    return fleet.snapshotsPerSecond() * flinkMicros() / 1e6 / BUSY;
  }

  double memory() {
    return slots() * SLOT_BYTES
        + HEAP_PER_LIVE * fleet.hosts() * HOST_HEAP_BYTES * fleet.callers() / HEAP_CALLERS;
  }

  /** Bytes of a checkpoint. */
  double state() {
    return fleet.hosts() * costs.stateBytes() * fleet.callers() / costs.callers();
  }

  private double flinkMicros() {
    return costs.bytesMicros()
        + (costs.foldMicros() - costs.bytesMicros()) * fleet.areas() / costs.areas()
        + (costs.jobMicros() - costs.foldMicros()) * fleet.callers() / costs.callers();
  }

  private int slots() {
    return Math.max(1, (int) Math.ceil(flinkCores()));
  }

  private double wireBytes() {
    return costs.wireBytes() * fleet.areas() / costs.areas();
  }

  private double wireRate() {
    return fleet.snapshotsPerSecond() * wireBytes();
  }

  /** A host has a window a minute at most, and none without a snapshot. */
  private double windowRate() {
    return Math.min(fleet.hosts() / 60.0, fleet.snapshotsPerSecond()) * costs.hostWindowBytes();
  }

  private static Duration retention(FleetTopic topic) {
    return Duration.ofMillis(Long.parseLong(topic.settings().get("retention.ms")));
  }

  private static Line line(String what, String amount, String why, Object... values) {
    return new Line(what, amount, String.format(Locale.ROOT, why, values));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static String bytes(double count) {
    return new ByteCount((long) count).toString();
  }
}

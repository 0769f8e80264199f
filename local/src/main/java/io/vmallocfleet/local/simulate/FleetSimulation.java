/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulate;

import io.vmallocfleet.local.backtest.evaluation.Label;
import io.vmallocfleet.local.simulation.host.Delivered;
import io.vmallocfleet.local.simulation.host.HostLife;
import io.vmallocfleet.local.simulation.host.HostLives;
import io.vmallocfleet.local.simulation.host.HostPlan;
import io.vmallocfleet.local.simulation.host.SimulatedAgent;
import io.vmallocfleet.local.simulation.scenario.FleetPlan;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * A fleet in made-up time: every host is read once an interval, at its own moment, and its
 * snapshots come out in the order in which they arrive. In memory are the areas of all hosts, some
 * 50 KB each, and the snapshots that are late.
 */
public final class FleetSimulation {
  private final Instant start;
  private final Duration interval;
  private final long rounds;
  private final List<Host> hosts = new ArrayList<>();
  private final Map<String, RegionLoad> regions = new HashMap<>();
  private final List<Visibility> visibilities = new ArrayList<>();
  private final PriorityQueue<Late> late =
      new PriorityQueue<>(
          Comparator.comparingLong((Late l) -> l.delivered().arrivesAtMicros())
              .thenComparingLong(Late::number));
  private final SnapshotWriter writer = new SnapshotWriter(SnapshotWriter.DEFAULT_MAX_BYTES);
  private long delayed;

  private record Host(HostLife life, SimulatedAgent agent, Duration offset) {}

  private record Late(Delivered delivered, long number) {}

  /** Takes each snapshot as it arrives. */
  @FunctionalInterface
  public interface Sink {
    void accept(Delivered snapshot) throws IOException;
  }

  /** Told now and then how far it is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param share of the time, 0 to 1
     */
    void at(double share);
  }

  /**
   * @param interval from one reading of a host to the next
   */
  public FleetSimulation(
      FleetPlan plan, Instant start, Duration duration, Duration interval, long seed) {
    this.start = start;
    this.interval = interval;
    this.rounds = duration.toMillis() / interval.toMillis();
    var lives = new HostLives();
    Map<Integer, HostLife> byIndex = new HashMap<>();
    for (HostPlan host : plan.hosts()) {
      HostLife life = lives.begin(host, plan.effects(host), start);
      byIndex.put(host.index(), life);
      var offset = Duration.ofMillis((long) (host.offsetShare() * interval.toMillis()));
      hosts.add(new Host(life, new SimulatedAgent(life, plan.effects(host)), offset));
      regions.computeIfAbsent(host.region(), r -> new RegionLoad(host.utcOffsetHours(), seed));
    }
    hosts.sort(Comparator.comparing(Host::offset));
    plan.incidents()
        .forEach(
            incident ->
                visibilities.add(new Visibility(incident, s -> byIndex.get(s.host().index()))));
  }

  /** Lets all of it happen. */
  public void run(Sink sink, Progress progress) throws IOException {
    double hours = interval.toMillis() / 3_600_000.0;
    for (long round = 0; round < rounds; round++) {
      Instant begin = start.plus(interval.multipliedBy(round));
      Map<String, Double> loads = new HashMap<>();
      regions.forEach((region, load) -> loads.put(region, load.at(begin, hours)));
      for (Host host : hosts) {
        Instant now = begin.plus(host.offset());
        deliverLate(ChronoUnit.MICROS.between(Instant.EPOCH, now), sink);
        host.life().live(now, loads.get(host.life().plan().region()));
        deliver(host, now, sink);
      }
      Instant end = begin.plus(interval);
      visibilities.forEach(v -> v.look(end));
      progress.at((round + 1) / (double) rounds);
    }
    deliverLate(Long.MAX_VALUE, sink);
  }

  /** What happened, once it has. */
  public List<Label> labels() {
    return visibilities.stream().map(Visibility::label).toList();
  }

  /** Incidents that never rose above the noise. */
  public long invisible() {
    return visibilities.stream().filter(v -> !v.isVisible()).count();
  }

  /** Snapshots if no host is ever away. */
  public long expectedSnapshots() {
    return rounds * hosts.size();
  }

  private void deliver(Host host, Instant now, Sink sink) throws IOException {
    long nowMicros = ChronoUnit.MICROS.between(Instant.EPOCH, now);
    List<Delivered> sent = new ArrayList<>(2);
    host.agent().read(now, writer, sent::add);
    for (Delivered snapshot : sent) {
      if (snapshot.arrivesAtMicros() > nowMicros) {
        late.add(new Late(snapshot, delayed++));
      } else {
        sink.accept(snapshot);
      }
    }
  }

  private void deliverLate(long untilMicros, Sink sink) throws IOException {
    while (!late.isEmpty() && late.peek().delivered().arrivesAtMicros() <= untilMicros) {
      sink.accept(late.poll().delivered());
    }
  }
}

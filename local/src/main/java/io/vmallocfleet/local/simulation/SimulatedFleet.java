/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.host.HostIdentities;
import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Made-up hosts {@code sim-001} and so on, each of which is read and published once an interval, at
 * its own moment in it, through the agent's own parser and encoder. One thread for all.
 */
public final class SimulatedFleet implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SimulatedFleet.class.getName());
  private static final Duration STEP_BEFORE_FIRST = Duration.ofSeconds(1);

  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "simulated-fleet");
            thread.setDaemon(true);
            return thread;
          });
  private final Clock clock;
  private final SnapshotPublisher publisher;
  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
  private final SnapshotEncoder encoder = new SnapshotEncoder(true);
  private final Map<Capture, List<VmallocArea>> areas = new EnumMap<>(Capture.class);

  /**
   * Starts at once.
   *
   * @param hosts how many, from 1
   * @param misbehaving what the host {@link #misbehavingHost} does wrong, if anything
   */
  public SimulatedFleet(
      int hosts,
      Optional<Misbehaviour> misbehaving,
      Duration interval,
      Clock clock,
      SnapshotPublisher publisher) {
    this.clock = clock;
    this.publisher = publisher;
    for (int i = 1; i <= hosts; i++) {
      var host = new Host(i, i == misbehavingIndex(hosts) ? misbehaving : Optional.empty());
      long offset = interval.toMillis() * (i - 1) / hosts;
      scheduler.scheduleAtFixedRate(
          host::publish, offset, interval.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** Name of the host that misbehaves in a fleet of that size. */
  public static String misbehavingHost(int hosts) {
    return name(misbehavingIndex(hosts));
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  private static int misbehavingIndex(int hosts) {
    return Math.min(7, hosts);
  }

  private static String name(int index) {
    return "sim-%03d".formatted(index);
  }

  private final class Host {
    private final SimulatedHost host;
    private final Snapshots snapshots;
    private final HostIdentity identity;
    private Instant last;

    private Host(int index, Optional<Misbehaviour> misbehaviour) {
      // Every third host runs the older kernel, so that there are two cohorts to compare.
      Capture capture = index % 3 == 0 ? Capture.LINUX_5_8 : Capture.LINUX_6_18;
      host = new SimulatedHost(areas.computeIfAbsent(capture, Capture::areas), index, misbehaviour);
      Instant start = clock.instant();
      last = start.minus(STEP_BEFORE_FIRST);
      identity =
          new HostIdentity(
              HostIdentities.hash("simulated:" + name(index)),
              name(index),
              // A new process starts the hosts from their captures again: that is a reboot.
              "simulated-" + start,
              capture.kernelRelease(),
              capture.kernelBuild(),
              "x86_64",
              (int) AddressSpace.PAGE,
              2,
              Map.of("simulated", "true"));
      snapshots = new Snapshots(identity, encoder);
    }

    private void publish() {
      try {
        Instant now = clock.instant();
        byte[] text = host.step(Duration.between(last, now));
        last = now;
        publisher.publish(
            identity.id(),
            snapshots.of(
                parser.parse(text, text.length),
                new Snapshots.Circumstances(
                    ChronoUnit.MICROS.between(Instant.EPOCH, now),
                    0,
                    0,
                    0,
                    0,
                    HostBudget.UNKNOWN)));
      } catch (RuntimeException e) {
        // An exception would silently end this host's schedule; the others must go on too.
        LOG.log(Level.ERROR, identity.hostname() + " skipped a snapshot", e);
      }
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import io.vmallocfleet.agent.host.HostBudgets;
import io.vmallocfleet.agent.host.HostFiles;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.spool.Outbox;
import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoReader;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoUnavailable;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Reads, parses and encodes one host's file, once an interval at the host's own moment, in a thread
 * of its own until closed, and leaves the snapshots in an outbox. A host that cannot be seen sends
 * why instead. A reading that takes longer than the interval makes later ones skip, and the next
 * snapshot says how many.
 */
public final class HostAgent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(HostAgent.class.getName());

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final HostIdentity host;
  private final Duration interval;
  private final Clock clock;
  private final Outbox outbox;
  private final VmallocinfoReader reader;
  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());

  /** Filled anew by each reading: a fresh one would be most of what a snapshot allocates. */
  private final AreaTable areas = new AreaTable();

  private final Snapshots snapshots;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "vmalloc-agent");
  private final Readings readings = new Readings();
  private String lastTrouble = "";

  private HostAgent(
      HostIdentity host,
      Path file,
      Duration interval,
      SnapshotEncoder encoder,
      Outbox outbox,
      Clock clock) {
    this.host = host;
    this.interval = interval;
    this.clock = clock;
    this.outbox = outbox;
    this.reader = new VmallocinfoReader(file);
    this.snapshots = new Snapshots(host, encoder);
  }

  /** Starts at once, with a first reading. The outbox stays the caller's to close. */
  public static HostAgent start(HostIdentity host, AgentConfig config, Outbox outbox, Clock clock) {
    var agent =
        new HostAgent(
            host,
            config.file(),
            config.interval(),
            new SnapshotEncoder(config.sendPhys()),
            outbox,
            clock);
    agent.thread.start();
    return agent;
  }

  /** Figures of the readings so far. */
  public Readings readings() {
    return readings;
  }

  /** Returns once no more readings are taken: after {@link #close}, or a fatal error. */
  public void awaitEnd() throws InterruptedException {
    thread.join();
  }

  /** Ends after the reading in progress, if there is one. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(CLOSE_LIMIT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    Cadence cadence = Cadence.start(host.id(), interval, clock.instant(), System.nanoTime());
    long skipped = 0;
    long wait;
    try (reader) {
      do {
        try {
          outbox.put(next(skipped));
          readings.took();
          skipped = 0;
        } catch (RuntimeException e) {
          // One reading is lost, not the agent.
          LOG.log(Level.ERROR, "a reading failed", e);
          readings.gaveUp();
          skipped++;
        }
        wait = cadence.untilNext(System.nanoTime());
        skipped += skippedBy(cadence);
      } while (!closing.await(wait, TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private long skippedBy(Cadence cadence) {
    long skipped = cadence.takeSkipped();
    if (skipped > 0) {
      readings.skipped(skipped);
      LOG.log(
          Level.WARNING,
          "a reading took longer than the interval of {0}: {1} skipped",
          interval,
          skipped);
    }
    return skipped;
  }

  private Outgoing next(long skipped) {
    Instant takenAt = clock.instant();
    long takenAtMicros = ChronoUnit.MICROS.between(Instant.EPOCH, takenAt);
    long dropped = outbox.dropped();
    long started = System.nanoTime();
    byte[] snapshot;
    try {
      reader.read();
      long read = System.nanoTime() - started;
      parser.parse(reader.bytes(), reader.length(), areas);
      long parse = System.nanoTime() - started - read;
      trouble("");
      readings.saw(areas.rows(), areas.malformed(), read, parse);
      snapshot = snapshots.of(areas, circumstances(takenAtMicros, read, parse, dropped, skipped));
    } catch (VmallocinfoUnavailable e) {
      long read = System.nanoTime() - started;
      trouble(e.getMessage());
      readings.sawNothing(e.getMessage(), read);
      snapshot =
          snapshots.blind(e.getMessage(), circumstances(takenAtMicros, read, 0, dropped, skipped));
    }
    return new Outgoing(host.id(), snapshot, takenAtMicros, dropped);
  }

  private Snapshots.Circumstances circumstances(
      long takenAtMicros, long readNanos, long parseNanos, long dropped, long skipped) {
    return new Snapshots.Circumstances(
        takenAtMicros,
        readNanos / 1000,
        parseNanos / 1000,
        dropped,
        skipped,
        HostBudgets.read(HostFiles.REAL),
        outbox.occupancy());
  }

  /** Logs when the reason changes, not at every reading. */
  private void trouble(String now) {
    if (!now.equals(lastTrouble)) {
      LOG.log(Level.WARNING, now.isEmpty() ? "the file can be read again" : now);
      lastTrouble = now;
    }
  }
}

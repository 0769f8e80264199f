/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import io.vmallocfleet.agent.host.HostBudgets;
import io.vmallocfleet.agent.host.HostFiles;
import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
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
 * Reads, parses, encodes and publishes one host's file, once an interval, in a thread of its own
 * until closed. A host that cannot be seen sends why instead. A reading that takes longer than the
 * interval makes later ones skip, and the next snapshot says how many.
 */
public final class HostAgent implements AutoCloseable {
  private static final Logger LOG = System.getLogger(HostAgent.class.getName());

  /** About 700,000 areas, more than a snapshot holds. */
  private static final int MAX_FILE_BYTES = 64 << 20;

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final HostIdentity host;
  private final Duration interval;
  private final Clock clock;
  private final SnapshotPublisher publisher;
  private final VmallocinfoReader reader;
  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
  private final Snapshots snapshots;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "vmalloc-agent");
  private String lastTrouble = "";

  private HostAgent(
      HostIdentity host,
      Path file,
      Duration interval,
      SnapshotEncoder encoder,
      SnapshotPublisher publisher,
      Clock clock) {
    this.host = host;
    this.interval = interval;
    this.clock = clock;
    this.publisher = publisher;
    this.reader = new VmallocinfoReader(file, MAX_FILE_BYTES);
    this.snapshots = new Snapshots(host, encoder);
  }

  /** Starts at once, with a first reading. The publisher stays the caller's to close. */
  public static HostAgent start(
      HostIdentity host, AgentConfig config, SnapshotPublisher publisher, Clock clock) {
    var agent =
        new HostAgent(
            host,
            config.file(),
            config.interval(),
            new SnapshotEncoder(config.sendPhys()),
            publisher,
            clock);
    agent.thread.start();
    return agent;
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
    long begun = System.nanoTime();
    long turn = 0;
    long skipped = 0;
    try (reader) {
      do {
        try {
          publisher.publish(host.id(), next(skipped));
          skipped = 0;
        } catch (RuntimeException e) {
          // One reading is lost, not the agent.
          LOG.log(Level.ERROR, "reading " + turn + " failed", e);
          skipped++;
        }
        long due = (System.nanoTime() - begun) / interval.toNanos() + 1;
        skipped += due - turn - 1;
        turn = due;
      } while (!closing.await(
          begun + turn * interval.toNanos() - System.nanoTime(), TimeUnit.NANOSECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private byte[] next(long skipped) {
    Instant takenAt = clock.instant();
    long started = System.nanoTime();
    try {
      reader.read();
      long read = System.nanoTime();
      AreaTable areas = parser.parse(reader.bytes(), reader.length());
      long parsed = System.nanoTime();
      trouble("");
      return snapshots.of(areas, circumstances(takenAt, read - started, parsed - read, skipped));
    } catch (VmallocinfoUnavailable e) {
      trouble(e.getMessage());
      return snapshots.blind(
          e.getMessage(), circumstances(takenAt, System.nanoTime() - started, 0, skipped));
    }
  }

  private Snapshots.Circumstances circumstances(
      Instant takenAt, long readNanos, long parseNanos, long skipped) {
    return new Snapshots.Circumstances(
        ChronoUnit.MICROS.between(Instant.EPOCH, takenAt),
        readNanos / 1000,
        parseNanos / 1000,
        publisher.takeDropped(),
        skipped,
        HostBudgets.read(HostFiles.REAL));
  }

  /** Logs when the reason changes, not at every reading. */
  private void trouble(String now) {
    if (!now.equals(lastTrouble)) {
      LOG.log(Level.WARNING, now.isEmpty() ? "the file can be read again" : now);
      lastTrouble = now;
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.host.HostIdentities;
import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A host of one area or two, to which things happen when a test says so. */
final class ScriptedHost implements AutoCloseable {
  private static final String MODULE =
      "0xffffc90000000000-0xffffc90000005000   20480 load_module+0x10/0x20 pages=4 vmalloc\n";
  private static final byte[] AREAS = MODULE.getBytes(StandardCharsets.US_ASCII);

  /** With 160 MiB more, two and a half times what makes a jump. */
  private static final byte[] AREAS_AFTER_STEP =
      (MODULE
              + "0xffffc90000010000-0xffffc9000a011000 167776256 bucket_table_alloc+0x10/0x20"
              + " pages=40960 vmalloc\n")
          .getBytes(StandardCharsets.US_ASCII);

  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
  private final SnapshotPublisher publisher;
  private final HostIdentity identity;
  private final Snapshots snapshots;
  private volatile Duration ahead = Duration.ZERO;
  private volatile byte[] areas = AREAS;

  ScriptedHost(String name, Duration interval, SnapshotPublisher publisher) {
    this.publisher = publisher;
    identity =
        new HostIdentity(
            HostIdentities.hash(name),
            name,
            "boot",
            "6.18.0",
            "#1",
            "x86_64",
            4096,
            2,
            Map.of("simulated", "true"));
    snapshots = new Snapshots(identity, new SnapshotEncoder(true));
    scheduler.scheduleAtFixedRate(this::publish, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Sets its clock so far ahead of ours. */
  void setClockAhead(Duration time) {
    ahead = time;
  }

  /** Holds 160 MiB more from now on. */
  void step() {
    areas = AREAS_AFTER_STEP;
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  private void publish() {
    byte[] file = areas;
    long takenAtMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().plus(ahead));
    publisher.publish(
        identity.id(),
        snapshots.of(
            parser.parse(file, file.length),
            new Snapshots.Circumstances(takenAtMicros, 0, 0, 0, 0, HostBudget.UNKNOWN)));
  }
}

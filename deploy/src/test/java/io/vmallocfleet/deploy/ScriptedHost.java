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

/** A host of one area, to which things happen when a test says so. */
final class ScriptedHost implements AutoCloseable {
  private static final byte[] AREAS =
      "0xffffc90000000000-0xffffc90000005000   20480 load_module+0x10/0x20 pages=4 vmalloc\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
  private final SnapshotPublisher publisher;
  private final HostIdentity identity;
  private final Snapshots snapshots;
  private volatile Duration ahead = Duration.ZERO;
  private volatile boolean blind;

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

  /** From now on its agent may not read the file any more, which is a ticket for somebody. */
  void goBlind() {
    blind = true;
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  private void publish() {
    long takenAtMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().plus(ahead));
    var circumstances = new Snapshots.Circumstances(takenAtMicros, 0, 0, 0, 0, HostBudget.UNKNOWN);
    publisher.publish(
        identity.id(),
        blind
            ? snapshots.blind("permission denied", circumstances)
            : snapshots.of(parser.parse(AREAS, AREAS.length), circumstances));
  }
}

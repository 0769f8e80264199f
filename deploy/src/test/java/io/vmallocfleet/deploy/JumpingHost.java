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

/** A host of one area, whose clock can be set. */
final class JumpingHost implements AutoCloseable {
  private static final byte[] AREAS =
      "0xffffc90000000000-0xffffc90000005000   20480 load_module+0x10/0x20 pages=4 vmalloc\n"
          .getBytes(StandardCharsets.US_ASCII);

  private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
  private final SnapshotPublisher publisher;
  private final HostIdentity identity =
      new HostIdentity(
          HostIdentities.hash("jumping"),
          "jumping",
          "boot",
          "6.18.0",
          "#1",
          "x86_64",
          4096,
          2,
          Map.of("simulated", "true"));
  private final Snapshots snapshots = new Snapshots(identity, new SnapshotEncoder(true));
  private volatile Duration ahead = Duration.ZERO;

  JumpingHost(Duration interval, SnapshotPublisher publisher) {
    this.publisher = publisher;
    scheduler.scheduleAtFixedRate(this::publish, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Sets its clock so far ahead of ours. */
  void jump(Duration time) {
    ahead = time;
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
  }

  private void publish() {
    long takenAtMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now().plus(ahead));
    publisher.publish(
        identity.id(),
        snapshots.of(
            parser.parse(AREAS, AREAS.length),
            new Snapshots.Circumstances(takenAtMicros, 0, 0, 0, 0, HostBudget.UNKNOWN)));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.agent.recording.RecordedSnapshots;
import io.vmallocfleet.agent.spool.Outgoing;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends recorded snapshots to a topic, as far apart as they were taken. */
@Command(
    name = "replay",
    description = {
      "Send the snapshots of an Avro container file to the topic, with the time they were taken.",
      "The pipeline drops what it has already seen: by host, run and sequence."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ReplayCommand implements Callable<Integer> {
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(2);

  @Parameters(paramLabel = "FILE", description = "Written by record, or another Avro tool.")
  private Path file;

  @Option(
      names = "--speed",
      paramLabel = "X",
      defaultValue = "1",
      description = "Times as fast as recorded; 0 is as fast as possible (default: 1).")
  private double speed;

  @Mixin private ConfigOptions settings;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!(speed >= 0 && speed < Double.POSITIVE_INFINITY)) {
      throw new ParameterException(
          spec.commandLine(), "--speed is " + speed + ": expected a number from 0");
    }
    AgentConfig config = settings.config(System.getenv());
    PrintWriter err = spec.commandLine().getErr();
    long sent = 0;
    long dropped;
    try (var recorded = RecordedSnapshots.open(file);
        var publisher = new SnapshotPublisher(config.bootstrap(), config.topic(), config.kafka())) {
      long started = System.nanoTime();
      long progressAt = started + PROGRESS_NANOS;
      long firstTakenAt = 0;
      while (recorded.hasNext()) {
        Outgoing snapshot = recorded.next();
        firstTakenAt = sent == 0 ? snapshot.takenAtMicros() : firstTakenAt;
        pause(started, snapshot.takenAtMicros() - firstTakenAt);
        publisher.put(snapshot);
        sent++;
        if (System.nanoTime() > progressAt) {
          err.printf("%d snapshots sent%n", sent);
          progressAt = System.nanoTime() + PROGRESS_NANOS;
        }
      }
      publisher.flush();
      dropped = publisher.dropped();
    } catch (IOException e) {
      throw sent == 0
          ? e
          : new IOException(e.getMessage() + "; " + sent + " snapshots sent before that", e);
    }
    err.printf(
        "%d of %d snapshots of %s are in topic %s%n", sent - dropped, sent, file, config.topic());
    return dropped == 0 ? 0 : 1;
  }

  private void pause(long startedNanos, long micros) throws InterruptedException {
    if (speed > 0) {
      long dueNanos = startedNanos + (long) (micros * 1000 / speed);
      TimeUnit.NANOSECONDS.sleep(dueNanos - System.nanoTime());
    }
  }
}

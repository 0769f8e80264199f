/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import io.vmallocfleet.agent.host.HostFiles;
import io.vmallocfleet.agent.host.HostIdentities;
import io.vmallocfleet.agent.recording.Recording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Reads as run does, into a file. */
@Command(
    name = "record",
    description = "Read into an Avro container file instead of Kafka, until stopped by Ctrl-C.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RecordCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Replaced if it exists.")
  private Path file;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "9223372036854775807",
      description = "Stop after that many snapshots.")
  private long count;

  @Mixin private ConfigOptions settings;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    AgentConfig config = settings.config(System.getenv());
    var host = HostIdentities.read(HostFiles.REAL, config.labels());
    var closed = new CountDownLatch(1);
    try (var recording = Recording.create(file, count)) {
      // On Ctrl-C the file is closed before the process ends.
      var stop =
          new Thread(
              () -> {
                recording.complete().complete(null);
                awaitQuietly(closed);
              },
              "vmalloc-stop");
      Runtime.getRuntime().addShutdownHook(stop);
      var agent = HostAgent.start(host, config, recording, Clock.systemUTC());
      try {
        recording.complete().get();
      } catch (ExecutionException e) {
        throw new IOException(file + " cannot be written: " + e.getCause().getMessage(), e);
      } finally {
        agent.close();
      }
      spec.commandLine().getErr().printf("%d snapshots in %s%n", recording.snapshots(), file);
    } finally {
      closed.countDown();
    }
    return 0;
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

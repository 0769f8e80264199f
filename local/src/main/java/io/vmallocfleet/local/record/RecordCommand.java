/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.record;

import io.vmallocfleet.local.kafka.KafkaOptions;
import java.nio.file.Path;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Keeps what the fleet sent, for a backtest or an incident's file. */
@Command(
    name = "record",
    description = {
      "Write the fleet's snapshots from the topic to an Avro container file, in order of arrival.",
      "Replaces the file."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class RecordCommand implements Runnable {
  @Parameters(paramLabel = "FILE", description = "Where to write, such as incident.avro.")
  private Path file;

  @Mixin private RangeOptions range;

  @Mixin private final KafkaOptions kafka;

  @Spec private CommandSpec spec;

  /**
   * @param runningStack bootstrap of the stack that is running here
   */
  public RecordCommand(Supplier<String> runningStack) {
    this.kafka = new KafkaOptions(runningStack);
  }

  @Override
  public void run() {
    range.check(spec);
    TopicRecording.write(kafka.access(), range, file, spec.commandLine().getErr());
  }
}

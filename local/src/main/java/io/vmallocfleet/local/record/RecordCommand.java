/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.record;

import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.annotation.Nullable;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Keeps what the fleet sent, for a backtest or an incident's file. */
@Command(
    name = "record",
    description = {
      "Write the fleet's snapshots from the topic to an Avro container file, in order of arrival.",
      "Times are the broker's, as 2026-11-24T08:00:00Z. Replaces the file."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class RecordCommand implements Runnable {
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int DEFLATE_LEVEL = 1;
  private static final int BLOCK_BYTES = 1 << 20;

  @Parameters(paramLabel = "FILE", description = "Where to write, such as incident.avro.")
  private Path file;

  @Option(names = "--from", paramLabel = "TIME", description = "First moment (default: all kept).")
  private @Nullable Instant from;

  @Option(names = "--to", paramLabel = "TIME", description = "First moment after (default: now).")
  private @Nullable Instant to;

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
    String topic = FleetTopic.SNAPSHOTS.topicName();
    try (TopicRange range = TopicRange.open(kafka.access(), topic, from, to)) {
      write(range);
    } catch (KafkaException e) {
      throw new StackException("%s cannot be read: %s".formatted(topic, e.getMessage()), e);
    } catch (IOException e) {
      throw new StackException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  private void write(TopicRange range) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    var codec = new SingleObject<>(VmallocSnapshot.class);
    var schema = VmallocSnapshot.getClassSchema();
    long written = 0;
    long unreadable = 0;
    long toldAt = System.nanoTime();
    try (var writer = new DataFileWriter<VmallocSnapshot>(new SpecificDatumWriter<>(schema))) {
      writer.setCodec(CodecFactory.deflateCodec(DEFLATE_LEVEL)).setSyncInterval(BLOCK_BYTES);
      writer.create(schema, file.toFile());
      Optional<byte[]> value = range.next();
      for (; value.isPresent(); value = range.next()) {
        try {
          // Decoded, so that snapshots of older agents get this file's one schema.
          writer.append(codec.decode(value.get()));
          written++;
        } catch (UnreadableRecordException e) {
          unreadable++;
        }
        if (System.nanoTime() - toldAt >= PROGRESS_NANOS) {
          toldAt = System.nanoTime();
          err.printf("%,d snapshots%n", written);
          err.flush();
        }
      }
    }
    err.printf("%,d snapshots to %s%n", written, file);
    if (unreadable > 0) {
      err.printf("%,d unreadable records left out; the dead letters hold them%n", unreadable);
    }
    err.flush();
  }
}

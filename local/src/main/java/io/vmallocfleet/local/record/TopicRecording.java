/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.record;

import io.vmallocfleet.agent.publish.KafkaRefusal;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.kafka.common.KafkaException;

/** A stretch of the snapshots topic, written to a container file in the order of its arrival. */
public final class TopicRecording {
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final int DEFLATE_LEVEL = 1;
  private static final int BLOCK_BYTES = 1 << 20;

  private TopicRecording() {}

  /**
   * Replaces the file.
   *
   * @param err told how far it is
   * @return snapshots written
   * @throws StackException if the topic cannot be read or the file not be written
   */
  public static long write(KafkaAccess kafka, RangeOptions wanted, Path file, PrintWriter err) {
    String topic = FleetTopic.SNAPSHOTS.topicName();
    try (TopicRange range = TopicRange.open(kafka, topic, wanted.from(), wanted.to())) {
      long written = write(range, file, err);
      if (written == 0) {
        err.printf("%s holds no snapshot %s%n", topic, wanted);
        err.flush();
      }
      return written;
    } catch (KafkaException e) {
      throw new StackException("%s cannot be read: %s".formatted(topic, KafkaRefusal.reason(e)), e);
    } catch (IOException e) {
      throw new StackException("%s cannot be written: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static long write(TopicRange range, Path file, PrintWriter err) throws IOException {
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
    return written;
  }
}

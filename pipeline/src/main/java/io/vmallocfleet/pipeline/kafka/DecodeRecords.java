/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.pipeline.alerts.Incoming;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of one type, or dead letters with the original bytes; never throws for what a record
 * holds. A record without a value withdraws its key and is nothing to us. Counts {@code
 * unreadableRecords}.
 */
final class DecodeRecords<T extends SpecificRecord>
    implements KafkaRecordDeserializationSchema<Incoming> {
  private static final Logger LOG = LoggerFactory.getLogger(DecodeRecords.class);

  /** What to make of a record. */
  interface Wrapping<T> extends Function<T, Incoming>, Serializable {}

  private final Class<T> type;
  private final Wrapping<T> wrapping;
  private transient SingleObject<T> codec;
  private transient Counter unreadable;

  DecodeRecords(Class<T> type, Wrapping<T> wrapping) {
    this.type = type;
    this.wrapping = wrapping;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    codec = new SingleObject<>(type);
    unreadable = context.getMetricGroup().counter("unreadableRecords");
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Incoming> out) {
    if (record.value() == null) {
      return;
    }
    try {
      out.collect(wrapping.apply(codec.decode(record.value())));
    } catch (UnreadableRecordException e) {
      unreadable.inc();
      LOG.warn(
          "{} partition {} offset {} goes to the dead letters: {}",
          record.topic(),
          record.partition(),
          record.offset(),
          e.getMessage());
      out.collect(Incoming.unusable(deadLetter(record, e.reason(), e.getMessage())));
    }
  }

  private static DeadLetter deadLetter(
      ConsumerRecord<byte[], byte[]> record, DeadLetterReason reason, String why) {
    return new DeadLetter(
        record.topic(),
        record.partition(),
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        reason,
        why,
        ByteBuffer.wrap(record.value()));
  }

  @Override
  public TypeInformation<Incoming> getProducedType() {
    return TypeInformation.of(Incoming.class);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.pipeline.alerts.Progress;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What windows and dead letters tell of the job that wrote them. Of a window nothing but its Kafka
 * timestamp is read, and one of each partition and window is enough.
 */
final class DecodeProgress implements KafkaRecordDeserializationSchema<Progress> {
  private transient SingleObject<DeadLetter> deadLetters;
  private transient Map<Integer, Long> latest;

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    deadLetters = new SingleObject<>(DeadLetter.class);
    latest = new HashMap<>();
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Progress> out) {
    if (record.topic().equals(FleetTopic.DEAD_LETTERS.topicName())) {
      if (record.value() != null && isUnreadable(record.value())) {
        out.collect(new Progress(0, true));
      }
      return;
    }
    // The window's last millisecond: what Flink stamps on everything a window emits.
    long end = record.timestamp() + 1;
    if (end > latest.getOrDefault(record.partition(), 0L)) {
      latest.put(record.partition(), end);
      out.collect(new Progress(end, false));
    }
  }

  private boolean isUnreadable(byte[] value) {
    try {
      return switch (deadLetters.decode(value).getReason()) {
        case UNDECODABLE, UNKNOWN_SCHEMA, UNKNOWN -> true;
        case LATE, INVALID_RULE -> false;
      };
    } catch (UnreadableRecordException e) {
      return true;
    }
  }

  @Override
  public TypeInformation<Progress> getProducedType() {
    return TypeInformation.of(Progress.class);
  }
}

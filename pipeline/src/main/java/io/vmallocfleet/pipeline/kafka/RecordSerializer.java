/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A generated record to a topic of ours: key as text, value in single-object encoding. */
final class RecordSerializer<T extends SpecificRecord>
    implements KafkaRecordSerializationSchema<T> {

  /** Key of a record, or null for none. */
  interface Key<T> extends Function<T, String>, Serializable {}

  private final FleetTopic topic;
  private final Class<T> type;
  private final Key<T> key;
  private transient SingleObject<T> codec;

  private RecordSerializer(FleetTopic topic, Class<T> type, Key<T> key) {
    this.topic = topic;
    this.type = type;
    this.key = key;
  }

  static <T extends SpecificRecord> RecordSerializer<T> of(
      FleetTopic topic, Class<T> type, Key<T> key) {
    return new RecordSerializer<>(topic, type, key);
  }

  String topicName() {
    return topic.topicName();
  }

  @Override
  public void open(
      SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext) {
    codec = new SingleObject<>(type);
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      T record, KafkaSinkContext context, Long timestamp) {
    String text = key.apply(record);
    return new ProducerRecord<>(
        topic.topicName(),
        null,
        timestamp,
        text == null ? null : text.getBytes(StandardCharsets.UTF_8),
        codec.encode(record));
  }
}

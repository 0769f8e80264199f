/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.agent.publish.KafkaRefusal;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * What a compacted topic holds now: the last record of every key. Read once, from beginning to end;
 * only the last record of a key is decoded.
 */
final class CompactedTopic<T extends SpecificRecord> {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final KafkaAccess kafka;
  private final FleetTopic topic;
  private final Class<T> type;

  CompactedTopic(KafkaAccess kafka, FleetTopic topic, Class<T> type) {
    this.kafka = kafka;
    this.topic = topic;
    this.type = type;
  }

  /**
   * Values of all keys that have one.
   *
   * @throws StackException when no Kafka answers or the topic does not exist
   */
  List<T> read() {
    Map<String, byte[]> last = new LinkedHashMap<>();
    var properties =
        kafka.client(
            Map.of(
                "isolation.level",
                "read_committed",
                "enable.auto.commit",
                false,
                "allow.auto.create.topics",
                false,
                "fetch.max.bytes",
                16 << 20,
                "max.partition.fetch.bytes",
                16 << 20,
                "max.poll.records",
                10_000,
                "default.api.timeout.ms",
                (int) LIMIT.toMillis()));
    try (var consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          partitions(consumer.partitionsFor(topic.topicName(), LIMIT));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
      while (!ends.isEmpty()) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          last.remove(record.key());
          if (record.value() != null) {
            last.put(record.key(), record.value());
          }
        }
        ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
      }
    } catch (KafkaException e) {
      throw new StackException(
          "%s at %s cannot be read: %s"
              .formatted(topic.topicName(), kafka.bootstrap(), KafkaRefusal.reason(e)),
          e);
    }
    return decoded(last);
  }

  private List<TopicPartition> partitions(List<PartitionInfo> infos) {
    if (infos.isEmpty()) {
      throw new StackException(
          "There is no topic %s at %s: ./vmalloc-fleet topics --create makes it"
              .formatted(topic.topicName(), kafka.bootstrap()));
    }
    return infos.stream().map(info -> new TopicPartition(info.topic(), info.partition())).toList();
  }

  private List<T> decoded(Map<String, byte[]> last) {
    var codec = new SingleObject<>(type);
    var values = new ArrayList<T>(last.size());
    last.forEach(
        (key, bytes) -> {
          try {
            values.add(codec.decode(bytes));
          } catch (UnreadableRecordException e) {
            throw new StackException(
                "%s holds a record this release cannot read, key %s: %s"
                    .formatted(topic.topicName(), key, e.getMessage()),
                e);
          }
        });
    return values;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads a topic bit by bit: each look takes the committed records that came since the last. */
final class TopicReader implements AutoCloseable {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;

  TopicReader(String bootstrap, String topic) {
    consumer =
        new KafkaConsumer<>(
            new HashMap<>(
                Map.<String, Object>of(
                    "bootstrap.servers",
                    bootstrap,
                    "isolation.level",
                    "read_committed",
                    "auto.offset.reset",
                    "earliest",
                    "allow.auto.create.topics",
                    false)),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    partitions =
        consumer.partitionsFor(topic, ANSWER_WITHIN).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /**
   * Gives every record up to where the topic ends now, and no more; fewer, and the rest next time,
   * when the broker is away.
   */
  void forEachNew(Consumer<ConsumerRecord<byte[], byte[]>> take) {
    try {
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER_WITHIN);
      while (ends.entrySet().stream().anyMatch(e -> position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(take);
      }
    } catch (TimeoutException e) {
      // Whoever waits for something looks again.
    }
  }

  @Override
  public void close() {
    consumer.close();
  }

  private long position(TopicPartition partition) {
    return consumer.position(partition, ANSWER_WITHIN);
  }
}

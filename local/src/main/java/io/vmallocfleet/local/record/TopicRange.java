/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.record;

import io.vmallocfleet.local.kafka.KafkaAccess;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.stream.Collectors;
import javax.annotation.Nullable;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a topic holds between two moments of the broker's clock, over all partitions in the order in
 * which it arrived. Ends with what was there at the beginning. At most {@value #AHEAD} records a
 * partition, and what one poll brings, are in memory.
 */
public final class TopicRange implements AutoCloseable {
  private static final int AHEAD = 200;
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private final Map<TopicPartition, Queue<ConsumerRecord<byte[], byte[]>>> waiting =
      new HashMap<>();

  private TopicRange(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.ends = ends;
    ends.keySet().forEach(partition -> waiting.put(partition, new ArrayDeque<>()));
  }

  /**
   * @param from first moment; null for all the topic still holds
   * @param to first moment after the range; null for all there is now
   */
  public static TopicRange open(
      KafkaAccess kafka, String topic, @Nullable Instant from, @Nullable Instant to) {
    Map<String, Object> properties =
        kafka.client(
            Map.of(
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                AHEAD,
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false));
    var consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> last = consumer.endOffsets(partitions);
      Map<TopicPartition, Long> starts = from == null ? begins : at(consumer, last, from);
      Map<TopicPartition, Long> ends = to == null ? last : at(consumer, last, to);
      ends.entrySet().removeIf(end -> starts.get(end.getKey()) >= end.getValue());
      consumer.assign(ends.keySet());
      ends.keySet().forEach(partition -> consumer.seek(partition, starts.get(partition)));
      return new TopicRange(consumer, ends);
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  /** The next value; empty at the end. A record without a value is passed over. */
  public Optional<byte[]> next() {
    while (true) {
      fill();
      if (waiting.isEmpty()) {
        return Optional.empty();
      }
      ConsumerRecord<byte[], byte[]> first =
          waiting.values().stream()
              .map(Queue::element)
              .min(Comparator.comparingLong(ConsumerRecord::timestamp))
              .orElseThrow();
      var partition = new TopicPartition(first.topic(), first.partition());
      waiting.get(partition).remove();
      if (first.value() != null) {
        return Optional.of(first.value());
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }

  /** Until every partition either shows its next record or has come to its end. */
  private void fill() {
    waiting.entrySet().removeIf(e -> e.getValue().isEmpty() && isRead(e.getKey()));
    while (waiting.values().stream().anyMatch(Queue::isEmpty)) {
      consumer.pause(
          waiting.entrySet().stream()
              .filter(e -> e.getValue().size() >= AHEAD)
              .map(Map.Entry::getKey)
              .collect(Collectors.toSet()));
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        var partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.get(partition) && waiting.containsKey(partition)) {
          waiting.get(partition).add(record);
        }
      }
      consumer.resume(consumer.paused());
      waiting.entrySet().removeIf(e -> e.getValue().isEmpty() && isRead(e.getKey()));
    }
  }

  private boolean isRead(TopicPartition partition) {
    // The position passes transaction markers and compacted gaps, which no record does.
    return consumer.position(partition) >= ends.get(partition);
  }

  private static Map<TopicPartition, Long> at(
      KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> last, Instant moment) {
    Map<TopicPartition, Long> wanted = new HashMap<>();
    last.keySet().forEach(partition -> wanted.put(partition, moment.toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted);
    Map<TopicPartition, Long> offsets = new HashMap<>();
    // Null where everything is older.
    last.forEach(
        (partition, end) ->
            offsets.put(
                partition, found.get(partition) == null ? end : found.get(partition).offset()));
    return offsets;
  }
}

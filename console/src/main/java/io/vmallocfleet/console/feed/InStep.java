/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Records of many partitions in the order of their timestamps, while partitions are read back at
 * different paces. A record waits until each partition that has something to read back has shown
 * its next one; partitions that run ahead are to be paused.
 */
final class InStep {
  /** Records of one partition that may wait. */
  private static final int AHEAD = 2_000;

  private final Map<TopicPartition, Deque<ConsumerRecord<byte[], byte[]>>> waiting =
      new HashMap<>();
  private final Set<TopicPartition> readBack =
      new TreeSet<>(
          (a, b) ->
              a.topic().equals(b.topic())
                  ? Integer.compare(a.partition(), b.partition())
                  : a.topic().compareTo(b.topic()));

  /** The partition has records to read back. */
  void begin(TopicPartition partition) {
    readBack.add(partition);
  }

  /** The partition has been read back: it holds nobody up any more. */
  void end(TopicPartition partition) {
    readBack.remove(partition);
  }

  boolean isReadingBack() {
    return !readBack.isEmpty();
  }

  Set<TopicPartition> readingBack() {
    return Set.copyOf(readBack);
  }

  void add(ConsumerRecord<byte[], byte[]> record) {
    waiting
        .computeIfAbsent(
            new TopicPartition(record.topic(), record.partition()), key -> new ArrayDeque<>())
        .add(record);
  }

  /** Takes what need not wait any longer, in order. */
  List<ConsumerRecord<byte[], byte[]>> take() {
    List<ConsumerRecord<byte[], byte[]>> taken = new ArrayList<>();
    while (true) {
      Deque<ConsumerRecord<byte[], byte[]>> first = null;
      for (TopicPartition partition : readBack) {
        Deque<ConsumerRecord<byte[], byte[]>> queue = waiting.get(partition);
        if (queue == null || queue.isEmpty()) {
          return taken;
        }
      }
      for (Deque<ConsumerRecord<byte[], byte[]>> queue : waiting.values()) {
        if (!queue.isEmpty()
            && (first == null || queue.peek().timestamp() < first.peek().timestamp())) {
          first = queue;
        }
      }
      if (first == null) {
        return taken;
      }
      taken.add(first.poll());
    }
  }

  boolean isAhead(TopicPartition partition) {
    Deque<ConsumerRecord<byte[], byte[]>> queue = waiting.get(partition);
    return isReadingBack() && queue != null && queue.size() >= AHEAD;
  }
}

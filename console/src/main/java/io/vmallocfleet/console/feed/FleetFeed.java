/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import io.vmallocfleet.console.store.FleetStore;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Fills the store from the topics: first what they keep of the last day, in the order of time over
 * all partitions, then what comes. Without a consumer group, so it leaves no trace in Kafka and any
 * number of consoles see everything. Kafka may be away, a topic may come later: both are looked at
 * again.
 */
public final class FleetFeed implements AutoCloseable {
  private static final Logger LOG = System.getLogger(FleetFeed.class.getName());
  private static final Duration POLL = Duration.ofMillis(250);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Duration RETRY = Duration.ofSeconds(3);

  private final KafkaConnection kafka;
  private final FleetStore store;
  private final Clock clock;
  private final RecordReader reader;
  private final Thread thread;
  private volatile FeedStatus status = FeedStatus.INITIAL;
  private volatile boolean closed;
  private volatile Consumer<byte[], byte[]> current;

  private final InStep inStep = new InStep();
  private final Map<TopicPartition, Long> startOffsets = new HashMap<>();
  private final Map<TopicPartition, Long> readBackTo = new HashMap<>();
  private final Map<TopicPartition, Long> nextOffsets = new HashMap<>();
  private long records;
  private long unreadable;
  private String lastUnreadable = "";
  private long lastRecordAt;
  private String trouble = "";
  private Set<String> missing = new TreeSet<>();
  private boolean connected;
  private long lookedAtNanos;

  /** Starts at once. */
  public FleetFeed(KafkaConnection kafka, FleetStore store, Clock clock) {
    this.kafka = kafka;
    this.store = store;
    this.clock = clock;
    this.reader = new RecordReader(store);
    this.thread = new Thread(this::run, "console-feed");
    thread.setDaemon(true);
    thread.start();
  }

  public FeedStatus status() {
    return status;
  }

  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(Duration.ofSeconds(10).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try (Consumer<byte[], byte[]> consumer = kafka.consumer()) {
        current = consumer;
        follow(consumer);
      } catch (WakeupException | InterruptException e) {
        // closing
      } catch (RuntimeException e) {
        trouble = kafka.describe(e);
        LOG.log(Level.WARNING, "reading the topics; trying again in " + RETRY, e);
        publish();
        pause();
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    lookedAtNanos = System.nanoTime() - LOOK_AGAIN_NANOS;
    while (!closed) {
      lookForTopics(consumer);
      if (consumer.assignment().isEmpty()) {
        publish();
        pause();
        continue;
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        inStep.add(record);
        nextOffsets.put(
            new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
      }
      endReadBack(consumer);
      store(inStep.take());
      pauseThoseAhead(consumer);
      publish();
    }
  }

  private void endReadBack(Consumer<byte[], byte[]> consumer) {
    for (TopicPartition partition : inStep.readingBack()) {
      // The position also passes transaction markers, which are never delivered.
      long position = consumer.position(partition, ANSWER_WITHIN);
      if (position >= readBackTo.get(partition)) {
        inStep.end(partition);
      }
    }
  }

  private void pauseThoseAhead(Consumer<byte[], byte[]> consumer) {
    Set<TopicPartition> paused = consumer.paused();
    for (TopicPartition partition : consumer.assignment()) {
      boolean ahead = inStep.isAhead(partition);
      if (ahead && !paused.contains(partition)) {
        consumer.pause(Set.of(partition));
      } else if (!ahead && paused.contains(partition)) {
        consumer.resume(Set.of(partition));
      }
    }
  }

  private void store(List<ConsumerRecord<byte[], byte[]>> taken) {
    List<Runnable> writes = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : taken) {
      records++;
      try {
        writes.add(reader.read(record));
      } catch (UnreadableRecordException e) {
        unreadable++;
        lastUnreadable =
            "%s partition %d offset %d: %s"
                .formatted(record.topic(), record.partition(), record.offset(), e.getMessage());
        LOG.log(Level.DEBUG, lastUnreadable);
      }
      if (writes.size() >= 500) {
        write(writes);
      }
    }
    write(writes);
    if (!taken.isEmpty()) {
      lastRecordAt = clock.millis();
      trouble = "";
    }
  }

  private void write(List<Runnable> writes) {
    store.write(() -> writes.forEach(Runnable::run));
    writes.clear();
  }

  private void lookForTopics(Consumer<byte[], byte[]> consumer) {
    long now = System.nanoTime();
    if (now - lookedAtNanos < LOOK_AGAIN_NANOS) {
      return;
    }
    lookedAtNanos = now;
    Map<String, List<PartitionInfo>> listed;
    try {
      listed = consumer.listTopics(ANSWER_WITHIN);
    } catch (InterruptException | WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      trouble = kafka.describe(e);
      return;
    }
    trouble = "";
    connected = true;
    missing = new TreeSet<>();
    Map<FleetTopic, List<TopicPartition>> found = new HashMap<>();
    Set<TopicPartition> followed = consumer.assignment();
    ReadFrom.defaults()
        .keySet()
        .forEach(
            topic -> {
              List<PartitionInfo> partitions = listed.get(topic.topicName());
              if (partitions == null) {
                missing.add(topic.topicName());
                return;
              }
              List<TopicPartition> fresh =
                  partitions.stream()
                      .map(p -> new TopicPartition(p.topic(), p.partition()))
                      .filter(p -> !followed.contains(p))
                      .toList();
              if (!fresh.isEmpty()) {
                found.put(topic, fresh);
              }
            });
    if (!found.isEmpty()) {
      assign(consumer, found);
    }
  }

  private void assign(
      Consumer<byte[], byte[]> consumer, Map<FleetTopic, List<TopicPartition>> found) {
    List<TopicPartition> all = new ArrayList<>(consumer.assignment());
    found.values().forEach(all::addAll);
    consumer.assign(all);
    found.forEach((topic, partitions) -> seek(consumer, topic, partitions));
  }

  private void seek(
      Consumer<byte[], byte[]> consumer, FleetTopic topic, List<TopicPartition> partitions) {
    ReadFrom from = ReadFrom.defaults().get(topic);
    Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions, ANSWER_WITHIN);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, ANSWER_WITHIN);
    long oldest = Math.max(0, clock.millis() - from.age().toMillis());
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, oldest));
    Map<TopicPartition, OffsetAndTimestamp> at = consumer.offsetsForTimes(times, ANSWER_WITHIN);
    for (TopicPartition partition : partitions) {
      long end = ends.get(partition);
      OffsetAndTimestamp young = at.get(partition);
      long start =
          nextOffsets.getOrDefault(
              partition,
              Math.max(
                  young == null ? end : Math.max(first.get(partition), young.offset()),
                  end - from.records() / partitions.size()));
      consumer.seek(partition, start);
      startOffsets.putIfAbsent(partition, start);
      readBackTo.put(partition, end);
      if (start < end) {
        inStep.begin(partition);
      }
    }
  }

  private void publish() {
    FeedStatus.Phase phase =
        !connected || startOffsets.isEmpty()
            ? FeedStatus.Phase.CONNECTING
            : inStep.isReadingBack() ? FeedStatus.Phase.REBUILDING : FeedStatus.Phase.LIVE;
    status =
        new FeedStatus(
            phase,
            phase == FeedStatus.Phase.LIVE ? 1 : progress(),
            trouble,
            List.copyOf(missing),
            records,
            unreadable,
            lastUnreadable,
            lastRecordAt);
  }

  private double progress() {
    long all = 0;
    long done = 0;
    for (Map.Entry<TopicPartition, Long> end : readBackTo.entrySet()) {
      long start = startOffsets.get(end.getKey());
      long next = nextOffsets.getOrDefault(end.getKey(), start);
      all += Math.max(0, end.getValue() - start);
      done +=
          inStep.readingBack().contains(end.getKey())
              ? Math.max(0, Math.min(next, end.getValue()) - start)
              : Math.max(0, end.getValue() - start);
    }
    return all == 0 ? 0 : (double) done / all;
  }

  private void pause() {
    try {
      Thread.sleep(closed ? 0 : Math.min(RETRY.toMillis(), 500));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closed = true;
    }
  }
}

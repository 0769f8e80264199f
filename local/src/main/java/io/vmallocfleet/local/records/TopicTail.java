/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.records;

import io.vmallocfleet.agent.publish.KafkaRefusal;
import io.vmallocfleet.local.kafka.KafkaAccess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Follows topics with all their partitions, without a consumer group: it leaves no trace in Kafka,
 * and any number of them see everything. Only committed records are given.
 *
 * <p>A topic may not exist yet and Kafka may be away: both are looked at again in every {@link
 * #poll}, and {@link #missing} and {@link #trouble} say so. Not thread safe.
 */
public final class TopicTail implements AutoCloseable {
  /** Which records come first. */
  public enum From {
    BEGINNING,
    /** Those that follow; a topic that appears later is read from its beginning. */
    END
  }

  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(1);
  private static final long LOOK_AGAIN_NANOS = Duration.ofSeconds(5).toNanos();
  private static final long LOOK_FOR_MISSING_NANOS = Duration.ofMillis(500).toNanos();

  private static final Map<String, Object> SETTINGS =
      Map.of(
          "key.deserializer",
          ByteArrayDeserializer.class,
          "value.deserializer",
          ByteArrayDeserializer.class,
          "isolation.level",
          "read_committed",
          "enable.auto.commit",
          false,
          "allow.auto.create.topics",
          false,
          // Where retention removed what was to be read next.
          "auto.offset.reset",
          "earliest");

  private final String bootstrap;
  private final From from;
  private final Consumer<byte[], byte[]> consumer;
  private final Set<String> wanted;
  private final Set<String> missing;

  private boolean lookedOnce;
  private boolean lookedSuccessfully;
  private long lookedAtNanos;
  private String trouble;
  private boolean refused;

  /**
   * Opens the connection; whether Kafka is there shows later.
   *
   * @throws KafkaException if the bootstrap address cannot be one
   */
  public TopicTail(KafkaAccess kafka, Collection<String> topics, From from) {
    this.bootstrap = kafka.bootstrap();
    this.from = from;
    this.wanted = Set.copyOf(topics);
    this.missing = new TreeSet<>(topics);
    this.consumer = new KafkaConsumer<>(kafka.client(SETTINGS));
  }

  /**
   * The next records, in order within a partition; empty if none came in time. Takes up to a second
   * longer while Kafka is away.
   */
  public List<ConsumerRecord<byte[], byte[]>> poll(Duration atMost) {
    lookForTopics();
    if (consumer.assignment().isEmpty()) {
      pause(atMost);
      return List.of();
    }
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try {
      consumer.poll(atMost).forEach(records::add);
    } catch (InterruptException | WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      trouble = describe(e);
      pause(atMost);
    }
    if (!records.isEmpty()) {
      trouble = null;
      refused = false;
    }
    return records;
  }

  /** Wanted topics that Kafka does not have so far, sorted; all of them until it answered. */
  public Set<String> missing() {
    return Set.copyOf(missing);
  }

  /** Whether Kafka answered at least once. */
  public boolean answered() {
    return lookedSuccessfully;
  }

  /** Why nothing can come at the moment; empty while all is well. */
  public Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /** Whether the trouble is that Kafka refuses this user, which no waiting mends. */
  public boolean isRefused() {
    return refused;
  }

  /** Whether the topics hold no record at all; false when Kafka does not say. */
  public boolean isEmpty() {
    try {
      Set<TopicPartition> partitions = consumer.assignment();
      return consumer
          .beginningOffsets(partitions, ANSWER_WITHIN)
          .equals(consumer.endOffsets(partitions, ANSWER_WITHIN));
    } catch (InterruptException | WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      trouble = describe(e);
      return false;
    }
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void lookForTopics() {
    long now = System.nanoTime();
    long pause = missing.isEmpty() ? LOOK_AGAIN_NANOS : LOOK_FOR_MISSING_NANOS;
    if (lookedOnce && now - lookedAtNanos < pause) {
      return;
    }
    lookedOnce = true;
    try {
      // Asks the broker each time, where a poll hides that it is away.
      follow(consumer.listTopics(ANSWER_WITHIN));
      if (!refused) {
        trouble = null;
      }
    } catch (InterruptException | WakeupException e) {
      throw e;
    } catch (KafkaException e) {
      trouble = describe(e);
    }
    lookedAtNanos = System.nanoTime();
  }

  private void follow(Map<String, List<PartitionInfo>> listed) {
    Set<TopicPartition> followed = consumer.assignment();
    List<TopicPartition> found =
        listed.values().stream()
            .flatMap(List::stream)
            .filter(partition -> wanted.contains(partition.topic()))
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .filter(partition -> !followed.contains(partition))
            .toList();
    boolean first = !lookedSuccessfully;
    lookedSuccessfully = true;
    missing.removeAll(listed.keySet());
    if (found.isEmpty()) {
      return;
    }
    List<TopicPartition> all = new ArrayList<>(followed);
    all.addAll(found);
    consumer.assign(all);
    if (from == From.END && first) {
      consumer.seekToEnd(found);
      // Seeking is lazy: without this, the end is where it is at some later poll.
      found.forEach(partition -> consumer.position(partition, ANSWER_WITHIN));
    } else {
      consumer.seekToBeginning(found);
    }
  }

  private String describe(KafkaException e) {
    refused = e instanceof AuthenticationException || e instanceof AuthorizationException;
    return e instanceof TimeoutException
        ? "Kafka at " + bootstrap + " does not answer"
        : "Kafka at " + bootstrap + ": " + KafkaRefusal.reason(e);
  }

  private static void pause(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Topics of one partition holding strings, as the tests of this package read and write them. */
final class TestTopics {
  private TestTopics() {}

  static void create(String bootstrap, String... names) throws Exception {
    try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
      Set<String> there = admin.listTopics().names().get();
      var missing =
          Stream.of(names)
              .filter(name -> !there.contains(name))
              .map(name -> new NewTopic(name, 1, (short) 1))
              .toList();
      admin.createTopics(missing).all().get();
    }
  }

  static KafkaProducer<String, String> producer(String bootstrap) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", bootstrap, "linger.ms", 5, "reconnect.backoff.max.ms", 100),
        new StringSerializer(),
        new StringSerializer());
  }

  static void produce(String bootstrap, String topic, List<String> values) throws Exception {
    try (var producer = producer(bootstrap)) {
      for (String value : values) {
        producer.send(new ProducerRecord<>(topic, value));
      }
    }
  }

  /** Committed records from the beginning; returns once there are {@code atLeast}, or fails. */
  static List<String> consume(String bootstrap, String topic, int atLeast) {
    return consume(bootstrap, topic, "read_committed", atLeast);
  }

  /**
   * Returns once {@code atLeast} different records are there, be their transactions open or not.
   */
  static void awaitUncommitted(String bootstrap, String topic, int atLeast) {
    consume(bootstrap, topic, "read_uncommitted", atLeast);
  }

  /** How many offsets read_committed consumers cannot pass yet because a transaction is open. */
  static long heldBack(String bootstrap, String topic) {
    return end(bootstrap, topic, "read_uncommitted") - end(bootstrap, topic, "read_committed");
  }

  private static long end(String bootstrap, String topic, String isolation) {
    try (var consumer = consumer(bootstrap, isolation)) {
      var partition = new TopicPartition(topic, 0);
      return consumer.endOffsets(List.of(partition)).get(partition);
    }
  }

  private static KafkaConsumer<String, String> consumer(String bootstrap, String isolation) {
    return new KafkaConsumer<>(
        Map.<String, Object>of("bootstrap.servers", bootstrap, "isolation.level", isolation),
        new StringDeserializer(),
        new StringDeserializer());
  }

  private static List<String> consume(
      String bootstrap, String topic, String isolation, int atLeast) {
    List<String> values = new ArrayList<>();
    Set<String> distinct = new HashSet<>();
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    try (var consumer = consumer(bootstrap, isolation)) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (distinct.size() < atLeast) {
        if (Instant.now().isAfter(end)) {
          throw new AssertionError(
              "%d of %d records in %s after a minute".formatted(distinct.size(), atLeast, topic));
        }
        for (var record : consumer.poll(Duration.ofMillis(100))) {
          values.add(record.value());
          distinct.add(record.value());
        }
      }
    }
    return values;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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

  /**
   * Committed records from the beginning, as soon as there are {@code atLeast}, or what came within
   * a minute.
   */
  static List<String> consume(String bootstrap, String topic, int atLeast) {
    List<String> values = new ArrayList<>();
    Instant end = Instant.now().plus(Duration.ofMinutes(1));
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new StringDeserializer())) {
      var partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (values.size() < atLeast && Instant.now().isBefore(end)) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How Kafka is reached. Reading needs READ and DESCRIBE on our topics, no consumer group; lag needs
 * DESCRIBE on the group of the job.
 *
 * @param client any Kafka client property, such as {@code security.protocol}
 */
public record KafkaConnection(String bootstrap, Map<String, String> client) {
  public KafkaConnection {
    client = Map.copyOf(client);
  }

  /** For any client of Kafka. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("bootstrap.servers", bootstrap);
    return settings;
  }

  Consumer<byte[], byte[]> consumer() {
    Map<String, Object> settings = settings();
    settings.put("key.deserializer", ByteArrayDeserializer.class);
    settings.put("value.deserializer", ByteArrayDeserializer.class);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", false);
    settings.put("allow.auto.create.topics", false);
    // Where retention removed what was to be read next.
    settings.put("auto.offset.reset", "earliest");
    settings.put("max.poll.records", 2_000);
    return new KafkaConsumer<>(settings);
  }

  /** Of what went wrong, for a person: without the client's properties. */
  String describe(Exception e) {
    return e instanceof org.apache.kafka.common.errors.TimeoutException
        ? "Kafka at " + bootstrap + " does not answer"
        : "Kafka at " + bootstrap + ": " + e.getMessage();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.records;

import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.schemas.FleetTopic;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A broker, and a producer that writes as the pipeline does: in transactions. */
public final class TestKafka implements AutoCloseable {
  private final Broker broker;
  private final KafkaProducer<byte[], byte[]> producer;

  private TestKafka(Broker broker) {
    this.broker = broker;
    this.producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrap(), "transactional.id", "test"),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
  }

  public static TestKafka start(Path data, int port) {
    return new TestKafka(Broker.start(new BrokerSettings(data, port)));
  }

  public String bootstrap() {
    return broker.bootstrap();
  }

  public void create(FleetTopic... topics) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
      admin
          .createTopics(
              Arrays.stream(topics)
                  .map(t -> new NewTopic(t.topicName(), Optional.of(2), Optional.empty()))
                  .toList())
          .all()
          .get();
    }
  }

  /** The values, in one committed transaction and one partition. */
  public void write(FleetTopic topic, byte[]... values) {
    begin(topic, values);
    producer.commitTransaction();
  }

  /** The values, in a transaction that is given up. */
  public void writeAndAbort(FleetTopic topic, byte[]... values) {
    begin(topic, values);
    producer.abortTransaction();
  }

  private void begin(FleetTopic topic, byte[]... values) {
    producer.beginTransaction();
    for (byte[] value : values) {
      producer.send(new ProducerRecord<>(topic.topicName(), 1, null, value));
    }
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
    broker.close();
  }
}

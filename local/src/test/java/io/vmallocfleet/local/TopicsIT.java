/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.local.stack.TopicAdmin.Difference;
import io.vmallocfleet.local.stack.TopicAdmin.Wanted;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicsIT {
  @TempDir static Path data;
  private static Broker broker;

  @BeforeAll
  static void startBroker() {
    broker = Broker.start(new BrokerSettings(data, 0));
  }

  @AfterAll
  static void closeBroker() {
    broker.close();
  }

  @Test
  void a_record_of_eight_mebibytes_goes_through_and_is_counted() throws Exception {
    try (var admin = new TopicAdmin(broker.bootstrap())) {
      admin.createMissing(List.of(wanted(FleetTopic.SNAPSHOTS, 2)));
      int bytes = (8 << 20) - 1024;
      try (var producer =
          new KafkaProducer<>(
              Map.<String, Object>of(
                  "bootstrap.servers", broker.bootstrap(), "max.request.size", 8 << 20),
              new ByteArraySerializer(),
              new ByteArraySerializer())) {
        producer
            .send(new ProducerRecord<>(FleetTopic.SNAPSHOTS.topicName(), new byte[bytes]))
            .get();
      }

      var size = admin.sizes(List.of("vmalloc.snapshots", "vmalloc.not-there"));

      assertThat(size).hasSize(1);
      assertThat(size.get(0).partitions()).isEqualTo(2);
      assertThat(size.get(0).records()).isEqualTo(1);
      assertThat(size.get(0).bytes()).isGreaterThan(bytes);
    }
  }

  @Test
  void an_existing_topic_is_left_alone_and_its_differences_told() {
    try (var admin = new TopicAdmin(broker.bootstrap())) {
      var asItWas = new Wanted("rules", 1, Map.of("cleanup.policy", "compact"));
      assertThat(admin.createMissing(List.of(asItWas))).isEmpty();
      assertThat(admin.createMissing(List.of(asItWas))).isEmpty();

      assertThat(admin.createMissing(List.of(new Wanted("rules", 3, Map.of("retention.ms", "1")))))
          .containsExactly(
              new Difference("rules", "partitions", "3", "1"),
              new Difference("rules", "retention.ms", "1", "604800000"));
    }
  }

  @Test
  void the_command_lists_every_topic_with_a_dash_for_what_is_missing() {
    try (var admin = new TopicAdmin(broker.bootstrap())) {
      admin.createMissing(List.of(wanted(FleetTopic.FINDINGS, 1)));
    }
    var out = new StringWriter();

    int exit =
        Main.run(
            new PrintWriter(out, true),
            new PrintWriter(out, true),
            "topics",
            "--bootstrap",
            broker.bootstrap());

    assertThat(exit).isZero();
    assertThat(out.toString().lines())
        .hasSize(1 + FleetTopic.values().length)
        .contains(
            "TOPIC                   PARTITIONS     RECORDS       BYTES",
            "vmalloc.findings                 1           0           0",
            "vmalloc.dead-letters             -           -           -");
  }

  private static Wanted wanted(FleetTopic topic, int partitions) {
    return new Wanted(topic.topicName(), partitions, topic.settings());
  }
}

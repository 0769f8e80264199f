/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.local.stack.TopicAdmin.Difference;
import io.vmallocfleet.local.stack.TopicAdmin.Outcome;
import io.vmallocfleet.local.stack.TopicAdmin.Wanted;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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

  private final StringWriter out = new StringWriter();

  @Test
  void a_record_of_eight_mebibytes_goes_through_and_is_counted() throws Exception {
    try (var admin = new TopicAdmin(KafkaAccess.open(broker.bootstrap()))) {
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
      assertThat(size.get(0).bytes().orElseThrow()).isGreaterThan(bytes);
    }
  }

  @Test
  void an_existing_topic_is_left_alone_and_its_differences_told() {
    try (var admin = new TopicAdmin(KafkaAccess.open(broker.bootstrap()))) {
      var asItWas = new Wanted("rules", 1, (short) 1, Map.of("cleanup.policy", "compact"));
      assertThat(admin.createMissing(List.of(asItWas)))
          .isEqualTo(new Outcome(List.of("rules"), List.of()));
      assertThat(admin.createMissing(List.of(asItWas)))
          .isEqualTo(new Outcome(List.of(), List.of()));

      var other = new Wanted("rules", 3, (short) 2, Map.of("retention.ms", "1"));
      assertThat(admin.createMissing(List.of(other)).differences())
          .containsExactly(
              new Difference("rules", "partitions", "3", "1"),
              new Difference("rules", "replicas", "2", "1"),
              new Difference("rules", "retention.ms", "1", "604800000"));
    }
  }

  @Test
  void the_command_lists_every_topic_with_a_dash_for_what_is_missing() {
    try (var admin = new TopicAdmin(KafkaAccess.open(broker.bootstrap()))) {
      admin.createMissing(List.of(wanted(FleetTopic.FINDINGS, 1)));
    }
    assertThat(topics()).isZero();

    assertThat(out.toString().lines())
        .hasSize(1 + FleetTopic.values().length)
        .contains(
            "TOPIC                   PARTITIONS     RECORDS       BYTES",
            "vmalloc.findings                 1           0           0",
            "vmalloc.dead-letters             -           -           -");
  }

  @Test
  void the_command_makes_what_is_missing_and_tells_what_differs() {
    try (var own = Broker.start(new BrokerSettings(data.resolve("own"), 0))) {
      assertThat(topics(own, "--create", "--partitions", "3")).isZero();
      assertThat(out.toString().lines())
          .containsExactlyElementsOf(
              Stream.of(FleetTopic.values()).map(t -> "created " + t.topicName()).toList());

      out.getBuffer().setLength(0);
      assertThat(topics(own, "--create", "--partitions", "3")).isZero();
      assertThat(out).hasToString("every topic is there\n");

      assertThat(topics(own, "--create", "--partitions", "5")).isOne();
      assertThat(out.toString()).contains("topic vmalloc.findings: partitions is 3, expected 5\n");
    }
  }

  private int topics(String... options) {
    return topics(broker, options);
  }

  private int topics(Broker broker, String... options) {
    var args = new ArrayList<>(List.of("topics", "--bootstrap", broker.bootstrap()));
    args.addAll(List.of(options));
    var writer = new PrintWriter(out, true);
    return Main.run(writer, writer, args.toArray(String[]::new));
  }

  private static Wanted wanted(FleetTopic topic, int partitions) {
    return new Wanted(topic.topicName(), partitions, (short) 1, topic.settings());
  }
}

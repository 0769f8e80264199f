/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.records;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.schemas.FleetTopic;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicTailIT {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final List<String> FINDINGS = List.of(FleetTopic.FINDINGS.topicName());

  @TempDir Path data;

  @Test
  void from_the_end_only_what_follows_is_given_and_nothing_that_was_given_up() throws Exception {
    try (TestKafka kafka = TestKafka.start(data, 0)) {
      kafka.create(FleetTopic.FINDINGS);
      kafka.write(FleetTopic.FINDINGS, bytes("before"));
      try (var tail =
          new TopicTail(KafkaAccess.open(kafka.bootstrap()), FINDINGS, TopicTail.From.END)) {
        pollUntil(tail, tail::answered);

        kafka.writeAndAbort(FleetTopic.FINDINGS, bytes("given up"));
        kafka.write(FleetTopic.FINDINGS, bytes("after"));

        assertThat(take(tail, 1)).containsExactly("after");
        assertThat(tail.isEmpty()).isFalse();
      }
    }
  }

  @Test
  void from_the_beginning_everything_is_given() throws Exception {
    try (TestKafka kafka = TestKafka.start(data, 0)) {
      kafka.create(FleetTopic.FINDINGS);
      kafka.write(FleetTopic.FINDINGS, bytes("one"), bytes("two"));

      try (var tail =
          new TopicTail(KafkaAccess.open(kafka.bootstrap()), FINDINGS, TopicTail.From.BEGINNING)) {
        assertThat(take(tail, 2)).containsExactly("one", "two");
      }
    }
  }

  @Test
  void a_topic_that_appears_later_is_read_from_its_beginning() throws Exception {
    try (TestKafka kafka = TestKafka.start(data, 0);
        var tail =
            new TopicTail(KafkaAccess.open(kafka.bootstrap()), FINDINGS, TopicTail.From.END)) {
      pollUntil(tail, tail::answered);
      assertThat(tail.missing()).containsExactly(FleetTopic.FINDINGS.topicName());

      kafka.create(FleetTopic.FINDINGS);
      kafka.write(FleetTopic.FINDINGS, bytes("first"));

      assertThat(take(tail, 1)).containsExactly("first");
      assertThat(tail.missing()).isEmpty();
    }
  }

  @Test
  void a_broker_that_is_away_is_told_and_waited_for() throws Exception {
    int port = freePort();
    try (var tail =
        new TopicTail(KafkaAccess.open("127.0.0.1:" + port), FINDINGS, TopicTail.From.BEGINNING)) {
      assertThat(tail.poll(POLL)).isEmpty();
      assertThat(tail.answered()).isFalse();
      assertThat(tail.trouble()).hasValue("Kafka at 127.0.0.1:" + port + " does not answer");

      try (TestKafka kafka = TestKafka.start(data, port)) {
        kafka.create(FleetTopic.FINDINGS);
        kafka.write(FleetTopic.FINDINGS, bytes("one"));
        assertThat(take(tail, 1)).containsExactly("one");
        assertThat(tail.trouble()).isEmpty();
      }
      pollUntil(tail, () -> tail.trouble().isPresent());

      try (TestKafka kafka = TestKafka.start(data, port)) {
        kafka.write(FleetTopic.FINDINGS, bytes("two"));
        assertThat(take(tail, 1)).containsExactly("two");
        pollUntil(tail, () -> tail.trouble().isEmpty());
      }
    }
  }

  private static List<String> take(TopicTail tail, int count) {
    List<String> taken = new ArrayList<>();
    pollUntil(tail, taken, () -> taken.size() >= count);
    return taken;
  }

  private static void pollUntil(TopicTail tail, BooleanSupplier done) {
    pollUntil(tail, new ArrayList<>(), done);
  }

  private static void pollUntil(TopicTail tail, List<String> taken, BooleanSupplier done) {
    long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime()).as("deadline, with %s", taken).isLessThan(deadline);
      tail.poll(POLL)
          .forEach(record -> taken.add(new String(record.value(), StandardCharsets.UTF_8)));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static int freePort() throws Exception {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    }
  }
}

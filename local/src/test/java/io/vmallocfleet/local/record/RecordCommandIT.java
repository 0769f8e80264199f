/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.agent.recording.RecordedSnapshots;
import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.local.records.TestKafka;
import io.vmallocfleet.local.simulation.SimulatedRecording;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RecordCommandIT {
  @TempDir private Path directory;

  private final StringWriter err = new StringWriter();

  @Test
  void what_was_sent_is_recorded_in_the_order_of_its_arrival_but_for_the_unreadable()
      throws Exception {
    Path sent = directory.resolve("sent.avro");
    SimulatedRecording.write(
        sent, 6, Instant.parse("2026-11-01T00:00:00Z"), 20, Duration.ofMinutes(1), false);
    List<Outgoing> snapshots = snapshots(sent);
    Path recorded = directory.resolve("recorded.avro");

    int exit;
    try (TestKafka kafka = TestKafka.start(directory.resolve("kafka"), 0)) {
      kafka.create(FleetTopic.SNAPSHOTS);
      send(kafka.bootstrap(), snapshots);
      exit = record(kafka.bootstrap(), recorded.toString());
    }

    assertThat(exit).as(err.toString()).isZero();
    assertThat(err.toString())
        .contains("120 snapshots to " + recorded)
        .contains("1 unreadable records left out");
    assertThat(snapshots(recorded))
        .usingRecursiveFieldByFieldElementComparator()
        .containsExactlyElementsOf(snapshots);
  }

  @Test
  void a_range_after_everything_is_empty() throws Exception {
    Path recorded = directory.resolve("recorded.avro");

    int exit;
    try (TestKafka kafka = TestKafka.start(directory.resolve("kafka"), 0)) {
      kafka.create(FleetTopic.SNAPSHOTS);
      exit = record(kafka.bootstrap(), recorded.toString(), "--from", "2099-01-01T00:00:00Z");
    }

    assertThat(exit).as(err.toString()).isZero();
    assertThat(err.toString())
        .contains("vmalloc.snapshots holds no snapshot from 2099-01-01T00:00:00Z to now");
    assertThat(snapshots(recorded)).isEmpty();
  }

  /** One after the other, so that the broker's clock orders them; the topic has partitions. */
  private static void send(String bootstrap, List<Outgoing> snapshots) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrap),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      String topic = FleetTopic.SNAPSHOTS.topicName();
      producer.send(new ProducerRecord<>(topic, new byte[] {1, 2, 3})).get();
      for (Outgoing snapshot : snapshots) {
        long before = System.currentTimeMillis();
        producer.send(new ProducerRecord<>(topic, key(snapshot), snapshot.snapshot())).get();
        while (System.currentTimeMillis() == before) {
          Thread.onSpinWait(); // append times have a millisecond's resolution
        }
      }
    }
  }

  private static byte[] key(Outgoing snapshot) {
    return snapshot.hostId().getBytes(StandardCharsets.UTF_8);
  }

  private static List<Outgoing> snapshots(Path file) throws IOException {
    List<Outgoing> snapshots = new ArrayList<>();
    try (RecordedSnapshots recorded = RecordedSnapshots.open(file)) {
      while (recorded.hasNext()) {
        snapshots.add(recorded.next());
      }
    }
    return snapshots;
  }

  private int record(String bootstrap, String... args) {
    return new CommandLine(new RecordCommand(() -> bootstrap))
        .setErr(new PrintWriter(err))
        .execute(args);
  }
}

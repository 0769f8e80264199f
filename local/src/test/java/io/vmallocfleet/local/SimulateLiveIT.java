/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.snapshot.SnapshotCursor;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SimulateLiveIT {
  private static final int HOSTS = 3;
  private static final int READINGS = 3;

  @TempDir private Path directory;
  private final StringWriter said = new StringWriter();

  @Test
  void a_live_fleet_sends_what_it_takes_and_a_second_one_of_the_same_hosts_repeats_nothing()
      throws Exception {
    try (var broker = Broker.start(new BrokerSettings(directory, 0))) {
      try (var topics = new TopicAdmin(KafkaAccess.open(broker.bootstrap()))) {
        topics.createMissing(TopicAdmin.wanted(1, (short) 1));
      }

      live(broker.bootstrap());
      live(broker.bootstrap());

      Set<String> hosts = new HashSet<>();
      Set<String> boots = new HashSet<>();
      Set<String> runs = new HashSet<>();
      List<ConsumerRecord<byte[], byte[]>> records =
          WholeTopic.records(broker.bootstrap(), FleetTopic.SNAPSHOTS.topicName());
      for (ConsumerRecord<byte[], byte[]> record : records) {
        SnapshotHeader header = new SnapshotCursor().open(record.value());
        // In its time: neither before it was taken nor with all others at the end.
        assertThat(record.timestamp() - header.takenAtMicros() / 1000)
            .isBetween(0L, Duration.ofSeconds(READINGS - 1).toMillis());
        hosts.add(header.host().id());
        boots.add(header.host().bootId());
        runs.add(header.agentRun());
      }
      assertThat(records).hasSize(2 * HOSTS * READINGS);
      assertThat(hosts).hasSize(HOSTS);
      assertThat(boots).hasSize(2 * HOSTS);
      assertThat(runs).hasSize(2 * HOSTS);
    }
  }

  @Test
  void a_fleet_that_lives_now_has_no_other_beginning_and_no_file() {
    assertThat(run("simulate", "--live", "-o", "file")).isEqualTo(2);
    assertThat(run("simulate", "--live", "--start", "2026-03-02T00:00:00Z", "-o", "topic"))
        .isEqualTo(2);
    assertThat(said.toString())
        .contains("--live begins now and sends: expected -o topic with it, and no --start");
  }

  private void live(String bootstrap) {
    int exit =
        run(
            "simulate",
            "--live",
            "--hosts",
            "" + HOSTS,
            "--interval",
            "1s",
            "--duration",
            READINGS + "s",
            "-o",
            "topic",
            "--bootstrap",
            bootstrap);

    assertThat(exit).as("%s", said).isZero();
  }

  private int run(String... command) {
    var writer = new PrintWriter(said, true);
    return Main.run(writer, writer, command);
  }
}

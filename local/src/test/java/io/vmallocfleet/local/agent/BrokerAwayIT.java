/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.WholeTopic;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.SpoolOccupancy;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real broker that goes and comes back, and agents that are killed meanwhile. */
class BrokerAwayIT {
  /** For how many snapshots the broker stays away, ten a second; 1200 are two minutes. */
  private static final long OUTAGE = Long.getLong("vmallocfleet.outage", 20);

  private static final String TOPIC = FleetTopic.SNAPSHOTS.topicName();

  @TempDir Path directory;
  private Broker broker;
  private String bootstrap;
  private Path spool;

  @BeforeEach
  void start() {
    broker = startBroker(0);
    bootstrap = broker.bootstrap();
    spool = directory.resolve("spool");
    try (var admin = new TopicAdmin(KafkaAccess.open(bootstrap))) {
      admin.createMissing(
          List.of(new TopicAdmin.Wanted(TOPIC, 1, (short) 1, FleetTopic.SNAPSHOTS.settings())));
    }
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void every_snapshot_of_every_run_arrives_in_order_though_agents_are_killed() throws Exception {
    List<Long> taken = new ArrayList<>();
    try (var agent = AgentProcess.start(bootstrap, spool)) {
      agent.awaitAcknowledged(5);
      broker.close();
      agent.awaitWaiting(10);
      taken.add(agent.taken());
      agent.kill();
    }
    try (var agent = AgentProcess.start(bootstrap, spool)) {
      agent.awaitTaken(OUTAGE);
      taken.add(agent.taken());
      agent.kill();
    }
    try (var agent = AgentProcess.start(bootstrap, spool)) {
      agent.awaitTaken(5);
      broker = startBroker(port());
      agent.awaitDelivered();
      agent.awaitAcknowledged(OUTAGE + 10);
      taken.add(agent.taken());
      // Now with the broker there: what is under way must not be lost either.
      agent.kill();
    }
    try (var agent = AgentProcess.start(bootstrap, spool)) {
      agent.awaitAcknowledged(5);
      taken.add(agent.taken());
      assertThat(agent.terminate()).isZero();
    }

    Map<String, VmallocSnapshot> delivered = delivered();
    Map<String, List<Long>> sequences = sequences(delivered);
    assertThat(sequences).hasSize(4);
    int run = 0;
    for (List<Long> sequence : sequences.values()) {
      assertThat(sequence).as("run %d", run).isEqualTo(zeroTo(sequence.size()));
      assertThat((long) sequence.size()).as("run %d", run).isGreaterThanOrEqualTo(taken.get(run++));
    }
    assertThat(delivered.values()).extracting(VmallocSnapshot::getTakenAt).isSorted();
    assertThat(delivered.values()).extracting(VmallocSnapshot::getDroppedBefore).containsOnly(0L);
    // The first of all found the spool empty; those taken while the broker was away, one more each.
    List<SpoolOccupancy> spools =
        delivered.values().stream().map(VmallocSnapshot::getSpool).toList();
    assertThat(spools.get(0)).isEqualTo(new SpoolOccupancy(0L, 0L, 64L << 20));
    assertThat(spools).extracting(SpoolOccupancy::getSnapshots).contains(1L, 5L, OUTAGE);
    assertThat(spools).allMatch(s -> s.getSnapshots() == 0 == (s.getBytes() == 0));
  }

  @Test
  void what_a_full_spool_dropped_is_reported_though_the_agent_is_killed() throws Exception {
    long taken;
    try (var agent = AgentProcess.start(bootstrap, spool, "--spool-max-bytes=64KiB")) {
      agent.awaitAcknowledged(3);
      broker.close();
      agent.awaitTaken(60);
      taken = agent.taken();
      agent.kill();
    }
    broker = startBroker(port());
    try (var agent = AgentProcess.start(bootstrap, spool, "--spool-max-bytes=64KiB")) {
      agent.awaitAcknowledged(3);
      agent.awaitDelivered();
      assertThat(agent.terminate()).isZero();
    }
    // What the second run's last snapshot pushed out, only a later one can report.
    try (var agent = AgentProcess.start(bootstrap, spool)) {
      agent.awaitAcknowledged(3);
      assertThat(agent.terminate()).isZero();
    }

    Map<String, VmallocSnapshot> delivered = delivered();
    List<List<Long>> sequences = List.copyOf(sequences(delivered).values());
    assertThat(sequences).hasSize(3);
    long ofLaterRuns = taken(sequences.get(1)) + taken(sequences.get(2));
    long reported = delivered.values().stream().mapToLong(VmallocSnapshot::getDroppedBefore).sum();
    assertThat(reported).isPositive();
    // Between the last look at the killed agent and its end there was time for one more.
    assertThat(delivered.size() + reported)
        .as("%d taken before the kill; arrived %s, reported %d", taken, sequences, reported)
        .isBetween(taken + ofLaterRuns, taken + ofLaterRuns + 1);
  }

  /** Of a run that was ended in good order: its newest always arrives. */
  private static long taken(List<Long> sequence) {
    return sequence.get(sequence.size() - 1) + 1;
  }

  private Broker startBroker(int port) {
    return Broker.start(new BrokerSettings(directory.resolve("kafka"), port));
  }

  private int port() {
    return Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
  }

  private static List<Long> zeroTo(int count) {
    return LongStream.range(0, count).boxed().toList();
  }

  /** Sequence numbers by run, runs and numbers in order of arrival. */
  private static Map<String, List<Long>> sequences(Map<String, VmallocSnapshot> delivered) {
    Map<String, List<Long>> sequences = new LinkedHashMap<>();
    delivered
        .values()
        .forEach(
            s ->
                sequences
                    .computeIfAbsent(s.getAgentRun(), run -> new ArrayList<>())
                    .add(s.getSequence()));
    return sequences;
  }

  /** What is in the topic in order of arrival, duplicates dropped as the pipeline does. */
  private Map<String, VmallocSnapshot> delivered() throws Exception {
    var codec = new SingleObject<>(VmallocSnapshot.class);
    Map<String, VmallocSnapshot> delivered = new LinkedHashMap<>();
    for (var record : WholeTopic.records(bootstrap, TOPIC)) {
      VmallocSnapshot snapshot = codec.decode(record.value());
      delivered.putIfAbsent(
          snapshot.getHost().getId() + snapshot.getAgentRun() + snapshot.getSequence(), snapshot);
    }
    return delivered;
  }
}

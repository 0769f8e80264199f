/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.agent.AgentMain;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.simulate.FleetSimulation;
import io.vmallocfleet.local.simulate.SnapshotRecording;
import io.vmallocfleet.local.simulation.scenario.FleetPlan;
import io.vmallocfleet.local.simulation.scenario.Scenario;
import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.local.stack.FlinkCluster;
import io.vmallocfleet.local.stack.FlinkSettings;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.pipeline.FleetAnalyticsJob;
import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A recording through the live job, a hundred times as fast as it was taken, and through backtest.
 */
class ReplayedFleetIT {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Duration LENGTH = Duration.ofHours(2);
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final long SEED = 11;

  private static final String SCENARIO =
      """
      about: Something of every kind that two hours can show.
      hosts: 8
      duration: 2h
      events:
        - {type: step, where: {hosts: 1}, when: {at: 40%}, bytes: 300MiB,
           whose: {caller: bucket_table_alloc, area: 10MiB}}
        - {type: leak, where: {hosts: 1}, when: {at: 25%}, per-hour: 600MiB,
           whose: {family: bpf-maps, area: 1MiB}}
        - {type: blind, where: {hosts: 1}, when: {at: 30%, for: 30m}}
        - {type: unparsed, where: {hosts: 1}, when: {at: 35%, for: 30m}, lines: 7}
        - {type: silent, where: {hosts: 1}, when: {at: 30%, for: 40m}}
        - {type: lost, where: {hosts: 1}, when: {at: 30%, for: 60m}, snapshots: 60%}
      """;

  @TempDir private Path directory;

  @Test
  void the_live_job_finds_what_backtest_finds() throws Exception {
    Path recording = directory.resolve("fleet.avro");
    simulate(recording);
    // Live, the last windows stay open: nothing says that no more is to come.
    Instant end = START.plus(LENGTH).minusSeconds(180);
    Set<String> expected = told(Backtest.run(recording, config(""), 2, read -> {}).findings(), end);
    assertThat(kinds(expected))
        .contains("JUMP", "LEAK", "HOST_BLIND", "PARSE_FAILURES", "HOST_SILENT", "SNAPSHOTS_LOST");

    Set<String> live;
    try (var broker = Broker.start(new BrokerSettings(directory.resolve("kafka"), 0));
        var flink =
            FlinkCluster.start(
                new FlinkSettings(directory.resolve("flink"), 0, 2, Duration.ofSeconds(5)))) {
      createTopics(broker.bootstrap());
      flink.submit(
          FleetAnalyticsJob.NAME,
          env -> {
            env.setParallelism(2);
            FleetAnalyticsJob.define(env, config(broker.bootstrap()));
          });
      replay(recording, broker.bootstrap());
      live = findings(broker.bootstrap(), end, expected.size());
    }

    assertThat(live).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static PipelineConfig config(String bootstrap) {
    return PipelineConfig.from(
        bootstrap.isEmpty()
            ? Map.of("VMALLOC_PIPELINE_WINDOW", "1m")
            : Map.of("VMALLOC_PIPELINE_WINDOW", "1m", "VMALLOC_PIPELINE_BOOTSTRAP", bootstrap));
  }

  private void simulate(Path recording) throws Exception {
    Path scenario = Files.writeString(directory.resolve("replayed.yaml"), SCENARIO);
    var named = new FleetPlan.Named("replayed", Scenario.find(scenario.toString()));
    FleetPlan plan = FleetPlan.of(List.of(named), 8, START, LENGTH, SEED);
    var simulation = new FleetSimulation(plan, START, LENGTH, Duration.ofMinutes(1), SEED);
    try (var file = SnapshotRecording.create(recording, SEED)) {
      simulation.run(file::append, share -> {});
    }
  }

  private void replay(Path recording, String bootstrap) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            AgentMain.class.getName(),
            "replay",
            recording.toString(),
            "--speed",
            "100",
            "--bootstrap",
            bootstrap);
    Path log = directory.resolve("replay.log");
    Process agent =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(agent.waitFor()).as("see %s", log).isZero();
  }

  /** One partition, because a recording has one order. */
  private static void createTopics(String bootstrap) {
    try (var admin = new TopicAdmin(KafkaAccess.open(bootstrap))) {
      admin.createMissing(
          Arrays.stream(FleetTopic.values())
              .map(t -> new TopicAdmin.Wanted(t.topicName(), 1, (short) 1, t.settings()))
              .toList());
    }
  }

  /** As soon as there are so many, or what there is when the time is up. */
  private static Set<String> findings(String bootstrap, Instant end, int enough)
      throws UnreadableRecordException {
    var decoder = new SingleObject<>(Finding.class);
    Set<String> all = new HashSet<>();
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partition = List.of(new TopicPartition(FleetTopic.FINDINGS.topicName(), 0));
      consumer.assign(partition);
      consumer.seekToBeginning(partition);
      long giveUpAt = System.nanoTime() + LIMIT.toNanos();
      while (all.size() < enough && System.nanoTime() < giveUpAt) {
        for (var found : consumer.poll(Duration.ofMillis(200))) {
          all.addAll(told(List.of(decoder.decode(found.value())), end));
        }
      }
    }
    return all;
  }

  private static Set<String> told(List<Finding> findings, Instant end) {
    return findings.stream()
        .filter(f -> !f.getWindowEnd().isAfter(end))
        .map(Finding::toString)
        .collect(Collectors.toSet());
  }

  private static Set<String> kinds(Set<String> findings) {
    Set<String> kinds = new TreeSet<>();
    for (FindingKind kind : FindingKind.values()) {
      if (findings.stream().anyMatch(f -> f.contains("\"kind\": \"" + kind + "\""))) {
        kinds.add(kind.name());
      }
    }
    return kinds;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.local.simulation.Misbehaviour;
import io.vmallocfleet.local.simulation.SimulatedFleet;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** Everything in containers; and the jobs' previous jar replaced by the present one. */
class UpgradeCT {
  private static final int HOSTS = 50;
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final List<String> JOBS = List.of("fleet-analytics", "alert-routing");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PRESENT =
      Path.of("../pipeline/target/vmalloc-fleet-jobs.jar").toAbsolutePath().normalize();

  // Flink's files in it belong to the user of its containers.
  @TempDir(cleanup = CleanupMode.NEVER)
  Path state;

  private final List<Alert> alerts = new ArrayList<>();

  @Test
  @Timeout(900)
  @SuppressWarnings("try") // The hosts go on until the end, and are asked for nothing.
  void a_savepoint_of_the_previous_jar_goes_on_in_the_present_one() throws Exception {
    assumeThat(DockerClientFactory.instance().isDockerAvailable()).as("a Docker engine").isTrue();
    Path previous = PreviousJar.find();
    String leaking = SimulatedFleet.misbehavingHost(HOSTS);

    try (var containers = new FleetContainers(state);
        var publisher = new SnapshotPublisher(containers.bootstrap(), Map.of());
        var hosts =
            new SimulatedFleet(
                HOSTS, Optional.of(Misbehaviour.LEAK), INTERVAL, Clock.systemUTC(), publisher);
        var ledger = new Ledger(containers.bootstrap(), FleetContainers.WINDOW);
        var alertTopic = new TopicReader(containers.bootstrap(), FleetTopic.ALERTS.topicName())) {
      containers.startJobs(previous);
      containers.startAgent();
      Eventually.is(
          "windows of the agent in its container",
          () -> {
            ledger.look();
            return ledger.hasSeen("agent-in-container");
          });
      Instant begun = ledger.newestWindow();
      Eventually.is("the leak fires", () -> firing(alertTopic, leaking).isPresent());
      Alert before = firing(alertTopic, leaking).orElseThrow();

      stopWithSavepoint(containers);
      containers.stopJobs();
      Instant replaced = Instant.now();
      containers.startJobs(PRESENT);

      Eventually.is(
          "windows of the present jar",
          () -> {
            ledger.look();
            return ledger.newestWindow().isAfter(replaced);
          });
      for (String job : JOBS) {
        assertThat(containers.jobManagerLog())
            .containsPattern(job + " starts from file:/+state/" + job + "/savepoint-");
      }
      Instant until = ledger.newestWindow();
      Eventually.is(
          "every snapshot in a window",
          () -> {
            ledger.look();
            return ledger.balance(begun, until).lost() == 0;
          });
      assertThat(ledger.balance(begun, until).doubled()).isZero();

      // It is told again now and then while it goes on: after the upgrade too, and as the same one.
      Eventually.is(
          "the leak is confirmed by the present jar",
          () ->
              firing(alertTopic, leaking)
                  .filter(a -> a.getUpdatedAt().isAfter(replaced))
                  .isPresent());
      assertThat(alerts)
          .filteredOn(a -> a.getFingerprint().equals(before.getFingerprint()))
          .allSatisfy(a -> assertThat(a.getState()).isNotEqualTo(AlertState.RESOLVED))
          .filteredOn(a -> a.getState() == AlertState.FIRING)
          .allSatisfy(
              a -> {
                assertThat(a.getFiringSince()).isEqualTo(before.getFiringSince());
                assertThat(a.getEpisodes()).isEqualTo(1);
              });
    }
  }

  /** The newest record of the leak of that host, if it fires. */
  private Optional<Alert> firing(TopicReader topic, String host) {
    var codec = new SingleObject<>(Alert.class);
    topic.forEachNew(
        record -> {
          try {
            alerts.add(codec.decode(record.value()));
          } catch (UnreadableRecordException e) {
            throw new AssertionError("offset " + record.offset(), e);
          }
        });
    return alerts.stream()
        .filter(a -> "LEAK".equals(a.getLabels().get("kind")))
        .filter(a -> host.equals(a.getLabels().get("host")))
        .filter(a -> a.getState() == AlertState.FIRING)
        .reduce((earlier, later) -> later);
  }

  /** One of each job, where that job will look for it. */
  private void stopWithSavepoint(FleetContainers containers) throws IOException {
    JsonNode jobs = JSON.readTree(Http.get(containers.flink() + "/jobs/overview")).path("jobs");
    assertThat(jobs).hasSize(JOBS.size());
    for (JsonNode job : jobs) {
      String name = job.path("name").asText();
      Http.post(
          containers.flink() + "/jobs/" + job.path("jid").asText() + "/stop",
          "{\"targetDirectory\": \"file:///state/%s\", \"drain\": false}".formatted(name));
      Eventually.is("a savepoint of " + name, () -> hasSavepoint(state.resolve(name)));
    }
  }

  private static boolean hasSavepoint(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("savepoint-"))
          .anyMatch(f -> Files.exists(f.resolve("_metadata")));
    } catch (IOException e) {
      return false;
    }
  }
}

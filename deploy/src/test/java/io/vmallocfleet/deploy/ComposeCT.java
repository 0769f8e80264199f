/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.local.simulation.Misbehaviour;
import io.vmallocfleet.local.simulation.SimulatedFleet;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The shipped compose file, with the settings of {@code deploy/trial}, on a real Docker engine. */
@Timeout(900)
@TestMethodOrder(OrderAnnotation.class)
class ComposeCT {
  private static final int HOSTS = 200;
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final Duration WINDOW = Duration.ofSeconds(10);

  private static final ObjectMapper JSON = new ObjectMapper();

  private static Compose compose;
  private static SnapshotPublisher publisher;
  private static SimulatedFleet fleet;
  private static Ledger ledger;

  @BeforeAll
  static void start() {
    assumeThat(Compose.isHere()).as("a Docker engine with Compose").isTrue();
    compose = new Compose("vmalloc-fleet-test", "docker-compose.yml", "deploy/trial/compose.yaml");
    compose.up();
    publisher = new SnapshotPublisher(compose.bootstrap(), Map.of());
    fleet =
        new SimulatedFleet(
            HOSTS, Optional.of(Misbehaviour.LEAK), INTERVAL, Clock.systemUTC(), publisher);
    ledger = new Ledger(compose.bootstrap(), WINDOW);
  }

  @AfterAll
  static void stop() {
    if (fleet != null) {
      fleet.close();
      publisher.close();
      ledger.close();
    }
    if (compose != null) {
      compose.close();
    }
  }

  @Test
  @Order(1)
  void this_host_is_seen_by_the_agent_in_its_container() throws Exception {
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();

    Eventually.is(
        "a window of " + hostname,
        () -> {
          ledger.look();
          return ledger.hasSeen(hostname);
        });
  }

  @Test
  @Order(2)
  void no_address_of_this_host_is_in_any_topic() throws Exception {
    AddressSearch addresses = AddressSearch.ofFile(Path.of("/proc/vmallocinfo"));
    assumeThat(addresses.isEmpty()).as("no addresses in /proc/vmallocinfo").isFalse();

    var searched = new AtomicLong();
    for (FleetTopic topic : FleetTopic.values()) {
      try (var records = new TopicReader(compose.bootstrap(), topic.topicName())) {
        records.forEachNew(
            record -> {
              searched.incrementAndGet();
              if (record.value() != null) {
                assertThat(addresses.findIn(record.value()))
                    .as("%s offset %d", record.topic(), record.offset())
                    .isEmpty();
              }
            });
      }
    }
    assertThat(searched).hasPositiveValue();
  }

  @Test
  @Order(3)
  void a_leak_of_one_host_reaches_alertmanager() {
    String host = SimulatedFleet.misbehavingHost(HOSTS);

    Eventually.is(
        "an alert about " + host,
        () -> Http.get(compose.url("ALERTMANAGER_PORT") + "/api/v2/alerts").contains(host));
  }

  @Test
  @Order(4)
  void every_recording_rule_has_a_value() throws Exception {
    JsonNode rules = prometheus("rules").at("/data/groups/0/rules");
    assertThat(rules).isNotEmpty();
    for (JsonNode rule : rules) {
      String name = rule.path("name").asText();
      Eventually.is(
          "a value of " + name,
          () -> !prometheus("query?query=" + name).at("/data/result").isEmpty());
      assertThat(rule.path("health").asText()).as(name).isIn("ok", "unknown");
    }
  }

  @Test
  @Order(5)
  void every_panel_of_every_dashboard_has_something_to_show() throws Exception {
    new DashboardAnswers(compose.url("PROMETHEUS_PORT")).areThere();
  }

  @Test
  @Order(6)
  void killed_parts_come_back_and_no_snapshot_is_lost_or_counted_twice() {
    Instant begun = ledger.newestWindow();
    for (String part : List.of("taskmanager", "jobmanager", "kafka", "agent")) {
      compose.kill(part);
      compose.heal();
      Instant back = Instant.now();
      Eventually.is(
          "windows after the end of " + part,
          () -> {
            ledger.look();
            return ledger.newestWindow().isAfter(back);
          });
    }

    Instant closed = ledger.newestWindow();
    Eventually.is(
        "every snapshot in a window",
        () -> {
          ledger.look();
          return ledger.balance(begun, closed).lost() == 0;
        });
    assertThat(ledger.balance(begun, closed).doubled()).isZero();
    assertThat(publisher.dropped()).isZero();
  }

  private static JsonNode prometheus(String question) {
    try {
      return JSON.readTree(Http.get(compose.url("PROMETHEUS_PORT") + "/api/v1/" + question));
    } catch (IOException e) {
      throw new AssertionError(question, e);
    }
  }
}

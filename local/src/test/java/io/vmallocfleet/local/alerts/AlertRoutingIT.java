/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import static io.vmallocfleet.local.alerts.FleetOfFindings.fingerprint;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmallocfleet.schemas.MatchOperator;
import io.vmallocfleet.schemas.Matcher;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Job alert-routing between a real broker and a real Alertmanager, and who is told in the end. */
@Timeout(300)
class AlertRoutingIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String LEAK = fingerprint("web-1");

  @TempDir Path directory;
  private WebhookReceiver onCall;
  private int port;

  @BeforeEach
  void startReceiver() throws Exception {
    AlertmanagerProcess.installed("prometheus-alertmanager");
    onCall = new WebhookReceiver();
    port = AlertmanagerProcess.freePort();
  }

  @AfterEach
  void closeReceiver() {
    if (onCall != null) {
      onCall.close();
    }
  }

  @Test
  void a_leak_is_told_once_and_so_is_its_end() throws Exception {
    try (var alertmanager = alertmanager();
        var fleet = routed();
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      findings.leaks("web-1").nextWindow();
      untilTold("firing");

      JsonNode alert = alertmanager.alert(LEAK);
      assertThat(alert.path("status").path("state").asText()).isEqualTo("active");
      assertThat(alert.path("labels").properties())
          .extracting(label -> label.getKey() + "=" + label.getValue().asText())
          .containsExactlyInAnyOrder(
              "alertname=VmallocLeak",
              "architecture=x86_64",
              "caller=htab_map_alloc",
              "fingerprint=" + LEAK,
              "host=web-1",
              "host_id=id of web-1",
              "kernel_build=#1 SMP",
              "kernel_release=6.18.1",
              "kind=LEAK",
              "region=eu",
              "scope=host",
              "severity=page",
              "team=kernel");
      JsonNode texts = alert.path("annotations");
      assertThat(texts.path("summary").asText())
          .isEqualTo("htab_map_alloc on web-1 keeps growing.");
      assertThat(texts.path("evidence").asText())
          .contains("holds     300.0 MiB", "before    100.0 MiB", "an hour   7.0 GiB");
      assertThat(texts.path("explain").asText()).startsWith("htab_map_alloc (");
      assertThat(texts.path("owner").asText()).isEqualTo("kernel");
      assertThat(texts.path("runbook_url").asText()).endsWith("/docs/runbooks/leak.md");
      assertThat(texts.path("sql").asText()).contains("host_id = 'id of web-1'");
      assertThat(alert.path("generatorURL").asText())
          .isEqualTo("http://127.0.0.1:8080/alerts/" + LEAK);

      for (int i = 0; i < 20; i++) {
        findings.leaks("web-1").nextWindow();
      }
      untilRetold(alertmanager);
      findings.over("web-1").windows(10);
      untilTold("firing", "resolved");
      Await.until(LIMIT, "it is gone", () -> alertmanager.state(LEAK).isEmpty());
    }
  }

  @Test
  void what_happens_while_alertmanager_is_away_arrives_afterwards() throws Exception {
    try (var fleet = routed();
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      findings.leaks("web-1", "web-2").nextWindow();
      // Its end is told too, of what was told before; web-2 is over before anybody could hear.
      for (int i = 0; i < 30; i++) {
        findings.leaks("web-1").nextWindow();
      }
      findings.over("web-2").nextWindow();
      for (int i = 0; i < 10; i++) {
        findings.leaks("web-1").nextWindow();
      }
      var alerts = new AlertTopic(fleet.bootstrap());
      alerts.await(LIMIT, fingerprint("web-2"), "RESOLVED");
      alerts.close();
      // Longer than the first waits between two attempts.
      Instant later = Instant.now().plusSeconds(5);
      Await.until(LIMIT, "some attempts fail", () -> Instant.now().isAfter(later));

      try (var alertmanager = alertmanager()) {
        untilTold("firing");
        assertThat(alertmanager.state(LEAK)).isEqualTo("active");
        assertThat(onCall.told(fingerprint("web-2"))).doesNotContain("firing");
      }
    }
  }

  @Test
  void one_page_over_a_killed_job_a_savepoint_and_a_broker_restart() throws Exception {
    try (var alertmanager = alertmanager();
        var fleet = routed();
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      findings.leaks("web-1").nextWindow();
      untilTold("firing");
      AlertTopic.awaitCheckpoint(fleet, directory, LIMIT);

      fleet.killJob();
      fleet.startJob();
      assertThat(fleet.job().resumedFrom()).isPresent();
      findings.leaks("web-1").nextWindow();
      untilRetold(alertmanager);

      fleet.stopJob();
      fleet.startJob();
      assertThat(fleet.job().resumedFrom()).isPresent();
      findings.leaks("web-1").nextWindow();
      untilRetold(alertmanager);

      fleet.stopBroker();
      fleet.startBroker();
      findings.leaks("web-1").nextWindow();
      untilRetold(alertmanager);
      findings.leaks("web-2").nextWindow();
      Await.until(
          LIMIT, "a new one is told", () -> onCall.told(fingerprint("web-2")).contains("firing"));

      assertThat(onCall.told(LEAK)).containsExactly("firing");
      findings.over("web-1").windows(10);
      untilTold("firing", "resolved");
    }
  }

  @Test
  void acknowledgements_and_mutes_are_silences_there() throws Exception {
    try (var alertmanager = alertmanager();
        var fleet = routed();
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      findings.leaks("web-1", "web-2").nextWindow();
      untilTold("firing");

      findings.write(acknowledgement(LEAK, true));
      Await.until(LIMIT, "acknowledged", () -> alertmanager.state(LEAK).equals("suppressed"));
      assertThat(alertmanager.silences())
          .extracting(s -> s.path("createdBy").asText() + ": " + s.path("comment").asText())
          .containsExactly("ann: acknowledged: fix rolls out (vmalloc-fleet ack/" + LEAK + ")");
      assertThat(alertmanager.state(fingerprint("web-2"))).isEqualTo("active");

      findings.write(acknowledgement(LEAK, false));
      Await.until(LIMIT, "given back", () -> alertmanager.state(LEAK).equals("active"));

      Rule mute = mute("mute/1", new Matcher("host", MatchOperator.MATCHES, "web-[23]"));
      findings.write(mute);
      Await.until(
          LIMIT, "muted", () -> alertmanager.state(fingerprint("web-2")).equals("suppressed"));
      // Matches, and nobody was told of it before: it is not even sent.
      findings.leaks("web-3", "web-4").nextWindow();
      Await.until(
          LIMIT, "the other one", () -> onCall.told(fingerprint("web-4")).contains("firing"));
      assertThat(alertmanager.state(fingerprint("web-3"))).isEmpty();

      findings.write(Rule.newBuilder(mute).setActive(false).setAt(Instant.now()).build());
      Await.until(
          LIMIT,
          "told when the mute ends",
          () -> onCall.told(fingerprint("web-3")).contains("firing"));
      assertThat(alertmanager.state(fingerprint("web-2"))).isEqualTo("active");
      assertThat(onCall.told(LEAK)).containsExactly("firing");
    }
  }

  @Test
  void a_hundred_toggles_are_told_twice_at_most() throws Exception {
    try (var alertmanager = alertmanager();
        var fleet = routed();
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      for (int i = 0; i < 100; i++) {
        findings.leaks("web-1").nextWindow().over("web-1").nextWindow();
      }
      untilTold("firing");
      Await.until(
          LIMIT,
          "it says that it flaps",
          () ->
              alertmanager
                  .alert(LEAK)
                  .path("annotations")
                  .path("summary")
                  .asText()
                  .startsWith("Flapping: "));
      findings.windows(70);
      untilTold("firing", "resolved");
    }
  }

  @Test
  void a_fleet_leak_speaks_for_its_hosts() throws Exception {
    try (var alertmanager = alertmanager();
        var fleet = routed();
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      findings.fleetLeaks(true).nextWindow().fleetLeaks(true).nextWindow();
      Await.until(
          LIMIT, "the fleet alert", () -> onCall.told("fleet-leak").equals(List.of("firing")));
      String[] hosts = new String[100];
      for (int i = 0; i < hosts.length; i++) {
        hosts[i] = "folded-" + i;
      }
      findings.leaks(hosts).fleetLeaks(true).nextWindow();
      var alerts = new AlertTopic(fleet.bootstrap());
      for (String host : hosts) {
        alerts.await(LIMIT, fingerprint(host), "FIRING");
      }
      assertThat(alerts.of(fingerprint("folded-99")).getFoldedInto()).isEqualTo("fleet-leak");
      alerts.close();
      untilRetold(alertmanager, "fleet-leak");

      assertThat(alertmanager.alerts())
          .extracting(alert -> alert.path("labels").path("alertname").asText())
          .containsExactlyInAnyOrder("VmallocFleetLeak", "VmallocWatchdog");
    }
  }

  @Test
  void each_peer_is_told_whatever_the_other_does() throws Exception {
    int otherPort = AlertmanagerProcess.freePort();
    try (var other = new WebhookReceiver();
        var alertmanager = alertmanager();
        var fleet =
            new RoutedFleet(
                directory.resolve("fleet"), List.of(address(otherPort), address(port)), List.of());
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      findings.leaks("web-1").nextWindow();
      untilTold("firing");
      assertThat(alertmanager.state(LEAK)).isEqualTo("active");
      assertThat(other.bodies()).isEmpty();

      try (var peer =
          AlertmanagerProcess.start(directory.resolve("peer"), otherPort, other.address())) {
        Await.until(LIMIT, "the other", () -> other.told(LEAK).equals(List.of("firing")));
        assertThat(peer.state(LEAK)).isEqualTo("active");
      }
      assertThat(onCall.told(LEAK)).containsExactly("firing");
    }
  }

  @Test
  void ten_thousand_at_once_are_there_within_seconds() throws Exception {
    int count = 10_000;
    try (var alertmanager =
            AlertmanagerProcess.start(
                directory.resolve("am"), port, onCall.address(), "[alertname]");
        var fleet =
            new RoutedFleet(
                directory.resolve("fleet"),
                List.of(address(port)),
                List.of(),
                Duration.ofMinutes(1));
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      findings.leaks("warm-up").nextWindow();
      Await.until(
          LIMIT, "the first", () -> alertmanager.state(fingerprint("warm-up")).equals("active"));

      String[] hosts = new String[count];
      for (int i = 0; i < count; i++) {
        hosts[i] = "web-" + i;
      }
      long began = System.nanoTime();
      findings.leaks(hosts).nextWindow();
      Await.until(LIMIT.multipliedBy(2), "all", () -> alertmanager.count() >= count + 1);
      Duration took = Duration.ofNanos(System.nanoTime() - began);

      System.out.printf("%,d alerts in Alertmanager after %d ms%n", count, took.toMillis());
    }
  }

  @Test
  void a_webhook_hears_every_change_once() throws Exception {
    try (var fleet =
            new RoutedFleet(directory.resolve("fleet"), List.of(), List.of(onCall.address()));
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      findings.leaks("web-1").nextWindow();
      for (int i = 0; i < 5; i++) {
        findings.leaks("web-1").nextWindow();
      }
      findings.over("web-1").windows(10);
      Await.until(LIMIT, "its end", () -> states().contains("RESOLVED"));

      assertThat(states()).containsExactly("FIRING", "RESOLVED");
      assertThat(onCall.bodies()).allSatisfy(WebhookSchema::describes);
    }
  }

  private List<String> states() {
    return onCall.bodies().stream()
        .flatMap(body -> body.path("alerts").valueStream())
        .filter(alert -> alert.path("fingerprint").asText().equals(LEAK))
        .map(alert -> alert.path("state").asText())
        .toList();
  }

  private AlertmanagerProcess alertmanager() throws Exception {
    return AlertmanagerProcess.start(directory.resolve("am"), port, onCall.address());
  }

  private RoutedFleet routed() throws Exception {
    return new RoutedFleet(directory.resolve("fleet"), List.of(address(port)), List.of());
  }

  private static URI address(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  private void untilTold(String... all) throws Exception {
    Await.until(
        LIMIT, "on-call hears " + List.of(all), () -> onCall.told(LEAK).equals(List.of(all)));
  }

  private void untilRetold(AlertmanagerProcess alertmanager) throws Exception {
    untilRetold(alertmanager, LEAK);
  }

  /** Until the alert has been sent again, so that a second page had its chance. */
  private static void untilRetold(AlertmanagerProcess alertmanager, String fingerprint)
      throws Exception {
    for (int i = 0; i < 2; i++) {
      String before = alertmanager.alert(fingerprint).path("updatedAt").asText();
      Await.until(
          LIMIT,
          "it is sent again",
          () -> !alertmanager.alert(fingerprint).path("updatedAt").asText().equals(before));
    }
  }

  private static Rule acknowledgement(String fingerprint, boolean active) {
    return Rule.newBuilder()
        .setRuleId("ack/" + fingerprint)
        .setKind(RuleKind.ACKNOWLEDGEMENT)
        .setActive(active)
        .setAt(Instant.now())
        .setBy("ann")
        .setWhy("fix rolls out")
        .setFingerprint(fingerprint)
        .build();
  }

  private static Rule mute(String id, Matcher... matchers) {
    return Rule.newBuilder()
        .setRuleId(id)
        .setKind(RuleKind.MUTE)
        .setAt(Instant.now())
        .setBy("bob")
        .setWhy("maintenance")
        .setMatchers(List.of(matchers))
        .setUntil(Instant.now().plusSeconds(3600))
        .build();
  }
}

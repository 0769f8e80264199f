/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import static io.vmallocfleet.local.alerts.FleetOfFindings.fingerprint;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.local.stack.StackException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a person types, against a real stack, and what Alertmanager makes of it. */
@Timeout(300)
class AlertsCommandIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String LEAK = fingerprint("web-1");

  @TempDir Path directory;

  @Test
  void alerts_are_listed_acknowledged_muted_and_given_to_their_owners() throws Exception {
    int port = AlertmanagerProcess.freePort();
    try (var onCall = new WebhookReceiver();
        var alertmanager =
            AlertmanagerProcess.start(directory.resolve("am"), port, onCall.address());
        var fleet =
            new RoutedFleet(
                directory.resolve("fleet"),
                List.of(URI.create("http://127.0.0.1:" + port)),
                List.of());
        var findings = new FleetOfFindings(fleet.bootstrap())) {
      findings.leaks("web-1", "web-2").nextWindow();
      Await.until(LIMIT, "it is there", () -> alertmanager.state(LEAK).equals("active"));

      assertThat(typed(fleet, "list", "host=web-1"))
          .contains("ID            STATE         SEVERITY  SINCE         TEAM    ALERT")
          .contains("FIRING        page")
          .contains("htab_map_alloc on web-1 keeps growing.")
          .doesNotContain("web-2");
      JsonNode json = new ObjectMapper().readTree(typed(fleet, "list", "--json", "host=web-1"));
      assertThat(json.path("fingerprint").asText()).isEqualTo(LEAK);
      assertThat(typed(fleet, "show", "leak-web-1"))
          .contains("state         FIRING since", "evidence      holds     300.0 MiB", "HISTORY");

      assertThat(typed(fleet, "ack", "leak-web-1", "--by", "ann", "--why", "rolling back"))
          .isEqualTo("leak-web-1 is acknowledged by ann.\n");
      Await.until(LIMIT, "a silence", () -> alertmanager.state(LEAK).equals("suppressed"));
      assertThat(typed(fleet, "show", "leak-web-1")).contains("ACKNOWLEDGED  rolling back by ann");

      assertThat(typed(fleet, "mute", "host=web-2", "--for", "2h", "--by", "bob", "--why", "test"))
          .contains(" mutes host=\"web-2\" until ", ", 1 of the alerts there are.");
      Await.until(
          LIMIT,
          "another silence",
          () -> alertmanager.state(fingerprint("web-2")).equals("suppressed"));
      String mutes = typed(fleet, "mutes");
      assertThat(mutes).contains("bob", "host=\"web-2\": test");
      typed(
          fleet,
          "unmute",
          mutes.lines().skip(1).findFirst().orElseThrow().split(" ")[0],
          "--by",
          "bob",
          "--why",
          "done");
      Await.until(
          LIMIT, "no silence", () -> alertmanager.state(fingerprint("web-2")).equals("active"));

      Path owners = directory.resolve("owners.yaml");
      Files.writeString(
          owners,
          """
          default: {team: kernel}
          owners:
            - {caller: "htab_*", team: bpf, escalation: bpf-lead}
            - {caller: "no_such_*", team: nobody}
          """);
      assertThat(typed(fleet, "owners", "set", owners.toString(), "--by", "ann", "--why", "now"))
          .isEqualTo(
              """
              2 lines, and by default team kernel.
              warning: owners[1] (caller "no_such_*") matches nothing that is known
              """);
      Await.until(
          LIMIT,
          "the new owner's",
          () ->
              alertmanager.alerts().stream()
                  .anyMatch(
                      alert ->
                          alert.path("labels").path("team").asText().equals("bpf")
                              && alert
                                  .path("annotations")
                                  .path("owner")
                                  .asText()
                                  .equals("bpf, then bpf-lead")));
      assertThat(typed(fleet, "list", "team=bpf")).contains("web-1", "web-2");
    }
  }

  /** Standard output of a command that ends well. */
  private static String typed(RoutedFleet fleet, String... words) {
    var out = new StringWriter();
    var err = new StringWriter();
    List<String> arguments = new ArrayList<>(Arrays.asList(words));
    arguments.addAll(List.of("--bootstrap", fleet.bootstrap()));
    CommandLine command =
        AlertsCommand.with(
            () -> {
              throw new StackException("no stack runs here");
            },
            Clock.systemUTC());
    int code =
        command
            .setOut(new PrintWriter(out, true))
            .setErr(new PrintWriter(err, true))
            .execute(arguments.toArray(String[]::new));
    assertThat(code).as(err.toString()).isZero();
    return out.toString();
  }
}

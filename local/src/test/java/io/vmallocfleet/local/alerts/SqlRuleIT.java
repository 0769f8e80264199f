/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.sql.QueryGateway;
import io.vmallocfleet.local.sql.SqlRuleCommand;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.FindingKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * A rule in SQL as a person runs it: from the file of the documentation, over a host that breaks
 * it, to the alert, to a real Alertmanager, to on-call; then listed and stopped.
 */
@Timeout(300)
class SqlRuleIT {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final Path RULE =
      Path.of(System.getProperty("vmallocfleet.cookbook"))
          .resolveSibling("bpf-maps-over-100-mib.sql");
  private static final String NAME = "bpf-maps-over-100-mib";

  @TempDir Path directory;

  private record Answer(int code, String out, String err) {}

  @Test
  void a_rule_in_sql_makes_an_alert_that_reaches_on_call() throws Exception {
    try (var onCall = new WebhookReceiver();
        var alertmanager =
            AlertmanagerProcess.start(
                directory.resolve("alertmanager"),
                AlertmanagerProcess.freePort(),
                onCall.address());
        var fleet = new RoutedFleet(directory, List.of(alertmanager.base()), List.of());
        var findings = new FleetOfFindings(fleet.bootstrap());
        var gateway =
            QueryGateway.start(
                KafkaAccess.open(fleet.bootstrap()),
                fleet.cluster(),
                directory.resolve("rule"),
                0)) {
      Answer started = sqlRule(gateway.address(), "start", RULE.toString());
      assertThat(started.err()).isEmpty();
      assertThat(started.out()).matches("rule " + NAME + " runs as job \\p{XDigit}{32}\n");
      assertThat(started.code()).isZero();

      var alerts = new AlertTopic(fleet.bootstrap());
      Alert alert =
          alerts.awaitAny(
              LIMIT,
              "FIRING",
              // A rule reads what comes after it: windows come until it is there.
              () ->
                  findings
                      .nextWindow()
                      .hostHolds("web-1", 200L << 20)
                      .hostHolds("web-2", 50L << 20));
      assertThat(alert.getFinding().getKind()).isEqualTo(FindingKind.RULE);
      assertThat(alert.getFinding().getHostname()).isEqualTo("web-1");
      assertThat(alert.getFinding().getSentence())
          .isEqualTo("htab_map_alloc on web-1 holds 200.0 MiB, more than 100 MiB.");
      assertThat(alert.getOwner()).isNotEmpty();

      Await.until(
          LIMIT, "on-call is told", () -> onCall.told(alert.getFingerprint()).contains("firing"));
      JsonNode labels = alertmanager.alert(alert.getFingerprint()).path("labels");
      assertThat(labels.path("rule").asText()).isEqualTo(NAME);
      assertThat(labels.path("host").asText()).isEqualTo("web-1");
      assertThat(labels.path("severity").asText()).isEqualTo("ticket");

      assertThat(sqlRule(gateway.address(), "list").out())
          .matches(NAME + "  RUNNING since \\S+  job \\p{XDigit}{32}\n");
      assertThat(sqlRule(gateway.address(), "start", RULE.toString()).err())
          .contains("rule " + NAME + " runs already", "sql-rule stop " + NAME);
      assertThat(sqlRule(gateway.address(), "stop", "another").err())
          .contains("no rule another runs: " + NAME);

      assertThat(sqlRule(gateway.address(), "stop", NAME))
          .isEqualTo(new Answer(0, "rule " + NAME + " stopped\n", ""));
      Await.until(
          LIMIT,
          "none is left",
          () -> sqlRule(gateway.address(), "list").out().equals("no rule in SQL runs\n"));
      alerts.close();
    }
  }

  @Test
  void a_rule_that_lacks_something_does_not_start() throws Exception {
    Path file = directory.resolve("rule.sql");
    Files.writeString(file, "INSERT INTO vmalloc_findings (host_id) SELECT host_id FROM hosts;");

    Answer answer = sqlRule(URI.create("http://127.0.0.1:1"), "start", file.toString());

    assertThat(answer.code()).isEqualTo(1);
    assertThat(answer.err()).contains(file + ": column sentence is missing");
  }

  private static Answer sqlRule(URI gateway, String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code =
        new CommandLine(new SqlRuleCommand(() -> gateway))
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .setExecutionExceptionHandler(
                (thrown, command, parsed) -> {
                  assertThat(thrown).isInstanceOf(StackException.class);
                  err.write(thrown.getMessage());
                  return 1;
                })
            .execute(arguments);
    return new Answer(code, out.toString(), err.toString());
  }
}

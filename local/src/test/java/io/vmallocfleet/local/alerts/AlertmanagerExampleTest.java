/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.FindingKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What operators are given beside the code. */
class AlertmanagerExampleTest {
  private static final Path EXAMPLE = Path.of("..", "deploy", "alertmanager", "example.yml");

  @Test
  void amtool_accepts_the_example() throws Exception {
    assertThat(amtool("check-config", EXAMPLE.toString())).contains("SUCCESS", "6 receivers");
  }

  @ParameterizedTest
  @CsvSource({
    "alertname=VmallocWatchdog scope=self severity=none, dead-mans-switch",
    "alertname=VmallocAnalyticsStalled scope=self severity=page, fleet-operators",
    "team=bpf severity=page, bpf-pager",
    "team=bpf severity=ticket, bpf-tickets",
    "team=network severity=page, kernel-pager",
    "team=network severity=ticket, tickets"
  })
  void the_example_routes_by_team_and_severity(String labels, String receiver) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("config", "routes", "test"));
    arguments.add("--config.file=" + EXAMPLE);
    arguments.addAll(List.of(labels.split(" ")));

    assertThat(amtool(arguments.toArray(String[]::new)).strip()).isEqualTo(receiver);
  }

  @ParameterizedTest
  @EnumSource(FindingKind.class)
  void every_kind_has_a_runbook(FindingKind kind) throws Exception {
    String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".md";

    assertThat(Files.readString(Path.of("..", "docs", "runbooks", name)))
        .startsWith("# " + kind.name() + ":")
        .contains(
            "## What it means",
            "## Confirm it on a host",
            "## Likely causes",
            "## What to do",
            "## How to mute it");
  }

  private static String amtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(AlertmanagerProcess.installed("amtool").toString());
    command.addAll(List.of(arguments));
    // On standard error it warns of its own configuration file, which a machine may have.
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }
}

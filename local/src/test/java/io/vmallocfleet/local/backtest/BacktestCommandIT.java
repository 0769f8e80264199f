/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.simulation.SimulatedRecording;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class BacktestCommandIT {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final int HOSTS = 5;
  private static final int ROUNDS = 240;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path directory;
  private Path recording;

  @BeforeEach
  void name_the_recording() {
    recording = directory.resolve("fleet.avro");
  }

  @Test
  void finds_the_leaking_host_and_no_other() throws IOException {
    record(true);
    Path labels = directory.resolve("fleet.labels.json");
    Files.writeString(labels, label());
    Path report = directory.resolve("report.html");

    int exit =
        run(
            recording.toString(),
            "--labels",
            labels.toString(),
            "--report",
            report.toString(),
            "--baselines");

    assertThat(exit).as(err.toString()).isZero();
    assertThat(out.toString()).startsWith("1,200 snapshots of 5 hosts\nKIND");
    assertThat(out.toString().lines().filter(l -> l.startsWith("LEAK")))
        .isNotEmpty()
        .allMatch(l -> l.contains("sim-4") && l.contains("htab_map_alloc"));
    assertThat(out.toString())
        .containsPattern(Pattern.compile("fleet-analytics +\\d+ +100 % .* +100 % "))
        .contains("FixedThreshold", "LeastSquaresGrowth", "TrailingMad");
    assertThat(report).content().contains("htab_map_alloc on sim-4").doesNotContain("http://cdn");
  }

  @Test
  void finds_nothing_on_a_quiet_fleet() throws IOException {
    record(false);

    int exit = run(recording.toString());

    assertThat(exit).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo("1,200 snapshots of 5 hosts\nnothing found\n");
  }

  @Test
  void says_what_the_job_costs() throws IOException {
    record(false);

    int exit = run(recording.toString(), "--footprint");

    assertThat(exit).as(err.toString()).isZero();
    List<String> lines = out.toString().lines().toList();
    assertThat(lines.get(0)).matches("1,200 snapshots of 5 hosts, [1-9][0-9.]* callers each");
    assertThat(lines.get(1)).matches(".* s on \\d+ processors, .*; peak heap .* MiB of .* MiB");
    // A recording so short may be over before its state can be looked at.
    assertThat(lines.get(2)).matches("state (unknown: .*|[1-9].* bytes a host and caller, .*)");
  }

  @Test
  void says_where_a_damaged_recording_breaks_off() throws IOException {
    record(false);
    byte[] bytes = Files.readAllBytes(recording);
    // Past the header and its sync marker, so that blocks, not the schema, are hit.
    for (int i = bytes.length / 2; i < bytes.length / 2 + 64; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
    Files.write(recording, bytes);

    assertThat(run(recording.toString())).isEqualTo(1);

    assertThat(err.toString()).containsPattern("fleet.avro is damaged after \\d+ snapshots: ");

    err.getBuffer().setLength(0);
    assertThat(run(recording.toString(), "--footprint")).isEqualTo(1);

    assertThat(err.toString()).containsPattern("(?m)^fleet.avro is damaged after \\d+ snapshots: ");
  }

  @Test
  void says_what_other_rules_would_tell_more_and_less_and_to_whom() throws IOException {
    record(true);
    Path strict = Files.writeString(directory.resolve("strict.rules"), "detection.floor = 1024GiB");
    Path owners =
        Files.writeString(
            directory.resolve("owners.yaml"),
            "{default: {team: kernel}, owners: [{caller: \"htab_*\", team: bpf}]}");

    int exit =
        run(recording.toString(), "--versus", strict.toString(), "--owners", owners.toString());

    assertThat(exit).as(err.toString()).isZero();
    assertThat(out.toString().lines().filter(l -> l.startsWith("LEAK")))
        .isNotEmpty()
        .allMatch(l -> l.contains(" bpf "));
    assertThat(out.toString())
        .contains("A is the settings here, B is strict.rules")
        .containsPattern("only A [1-9]\\d*, only B 0");
  }

  @Test
  void tells_all_that_is_wrong_with_its_files_before_it_begins() throws IOException {
    Path rules =
        Files.writeString(
            directory.resolve("a.rules"), "detection.flor = 1MiB\ngrowth.bucket = soon\n");
    Path owners = Files.writeString(directory.resolve("owners.yaml"), "owners: all");

    int exit =
        run(
            recording.toString(),
            "--rules",
            rules.toString(),
            "--owners",
            owners.toString(),
            "--labels",
            directory.resolve("nowhere.json").toString(),
            "--report",
            directory.resolve("nowhere/report.html").toString());

    assertThat(exit).isEqualTo(1);
    assertThat(err.toString())
        .contains("VMALLOC_PIPELINE_DETECTION_FLOR", "VMALLOC_PIPELINE_GROWTH_BUCKET")
        .contains(owners + ": ", "nowhere.json is not there", "there is no such directory")
        .contains(recording + " is not there, or may not be read");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void refuses_what_is_no_recording() throws IOException {
    Files.write(recording, "hello".getBytes(StandardCharsets.UTF_8));

    assertThat(run(recording.toString())).isEqualTo(1);

    assertThat(err.toString()).contains("fleet.avro is not a recording");
  }

  @Test
  void refuses_a_report_of_unknown_form() {
    assertThat(run(recording.toString(), "--report", "x.pdf")).isEqualTo(2);

    assertThat(err.toString()).contains("expected a name that ends in .html or .json");
  }

  private void record(boolean leak) throws IOException {
    SimulatedRecording.write(recording, HOSTS, START, ROUNDS, Duration.ofSeconds(30), leak);
  }

  private static String label() {
    return """
        {"labels": [{"id": "leak-1", "kinds": ["LEAK"], "benign": false,
          "hostIds": ["id-4"], "hostnames": ["sim-4"],
          "callers": [{"function": "htab_map_alloc", "module": ""}],
          "purpose": "", "cohort": "",
          "from": "2026-11-01T00:00:00Z", "to": "2026-11-01T02:00:00Z",
          "visibleFrom": "2026-11-01T00:01:00Z"}]}
        """;
  }

  private int run(String... args) {
    return new CommandLine(
            new BacktestCommand(Map.of("VMALLOC_PIPELINE_GROWTH_BUCKET", "2m"), () -> ""))
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .setExecutionExceptionHandler(
            (thrown, command, parsed) -> {
              command.getErr().println(thrown.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            })
        .execute(args);
  }
}

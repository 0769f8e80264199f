/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.records.TestKafka;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RulesCommandIT {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-11-26T08:00:00Z"), ZoneOffset.UTC);

  @TempDir static Path dir;

  private static TestKafka kafka;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    kafka = TestKafka.start(dir.resolve("kafka"), 0);
    kafka.create(FleetTopic.RULES);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void a_document_is_set_shown_replaced_and_withdrawn() throws Exception {
    Path first = Files.writeString(dir.resolve("first.yaml"), "findings:\n  leak: {floor: 1GiB}\n");
    Path second = Files.writeString(dir.resolve("second.yaml"), "findings: {}\n");

    assertThat(run("show")).isZero();
    assertThat(run("set", first.toString(), "--by", "anna", "--why", "trial")).isZero();
    assertThat(run("show")).isZero();
    assertThat(run("set", second.toString(), "--by", "bert", "--why", "enough")).isZero();
    assertThat(run("show")).isZero();
    assertThat(run("set", "--withdraw", "--by", "anna", "--why", "over")).isZero();
    assertThat(run("show")).isZero();

    assertThat(out.toString())
        .isEqualTo(
            """
            # no rule is set: the detectors' own thresholds hold
            %s is in force
            # set 2026-11-26T08:00:00Z by anna: trial
            findings:
              leak: {floor: 1GiB}
            %s is in force
            # set 2026-11-26T08:00:00Z by bert: enough
            findings: {}
            withdrawn: the detectors' own thresholds hold
            # no rule is set: the detectors' own thresholds hold
            """
                .formatted(first, second));
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void what_cannot_be_taken_is_not_set() throws Exception {
    Path wrong = Files.writeString(dir.resolve("wrong.yaml"), "findings:\n  leek: {floor: 1GiB}\n");

    assertThat(run("check", wrong.toString())).isEqualTo(1);
    assertThat(run("set", wrong.toString(), "--by", "anna", "--why", "trial")).isEqualTo(1);

    String said =
        "%s cannot be taken:\n  line 2, findings.leek: not a kind of finding: did you mean leak?\n"
            .formatted(wrong);
    assertThat(err.toString()).isEqualTo(said + said);
    assertThat(out.toString()).isEmpty();
  }

  private int run(String command, String... arguments) {
    var line = RulesCommand.with(() -> kafka.bootstrap(), CLOCK);
    String[] all = new String[arguments.length + 1];
    all[0] = command;
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return line.setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler(
            (thrown, at, parsed) -> {
              at.getErr().println(thrown.getMessage());
              return 1;
            })
        .execute(all);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.tail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class TailCommandTest {
  private static final String TOPICS =
      "Topics are vmalloc.snapshots, vmalloc.caller-windows, vmalloc.host-windows, vmalloc.findings, vmalloc.alerts, vmalloc.rules, vmalloc.dead-letters.";

  private final StringWriter err = new StringWriter();
  private final CommandLine command =
      new CommandLine(
              new TailCommand(
                  () -> {
                    throw new IllegalStateException("no stack runs");
                  }))
          .setErr(new PrintWriter(err));

  @ParameterizedTest
  @CsvSource({
    "finding, vmalloc.findings",
    "vmalloc.snapshot, vmalloc.snapshots",
    "hostwindows, vmalloc.host-windows",
    "callers, vmalloc.caller-windows",
    "deadletters, vmalloc.dead-letters"
  })
  void an_unknown_topic_is_refused_with_the_nearest_name(String given, String nearest) {
    assertThat(command.execute(given)).isEqualTo(2);

    assertThat(err.toString())
        .startsWith(
            "\"%s\" is no topic of the fleet. Did you mean %s? %s"
                .formatted(given, nearest, TOPICS));
  }

  @Test
  void a_name_like_no_topic_is_refused_with_all_of_them() {
    assertThat(command.execute("zzz")).isEqualTo(2);

    assertThat(err.toString()).startsWith("\"zzz\" is no topic of the fleet. " + TOPICS);
  }

  @Test
  void fewer_records_than_one_cannot_be_asked_for() {
    assertThat(command.execute("findings", "-n", "0")).isEqualTo(2);

    assertThat(err.toString()).startsWith("-n is 0: expected a number of records from 1");
  }

  @Test
  void an_address_that_cannot_be_one_ends_with_one_line() {
    assertThat(command.execute("findings", "--bootstrap", "nowhere")).isOne();

    assertThat(err.toString())
        .isEqualTo("Kafka at nowhere: Invalid url in bootstrap.servers: nowhere\n");
  }
}

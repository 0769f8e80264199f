/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class AgentCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_documents_commands_and_exit_codes() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("run", "Exit codes:", "0   Done", "3   Out of memory");
  }

  @Test
  void the_version_is_the_builds() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).startsWith("vmalloc-agent 0.");
  }

  @Test
  void settings_that_are_not_understood_are_all_said_and_start_nothing() {
    assertThat(run("run", "--interval", "5x", "--metrics-port", "no")).isEqualTo(2);
    assertThat(err.toString())
        .contains("--interval is \"5x\": expected a duration such as 5s or 1m")
        .contains("--metrics-port is \"no\": expected a whole number from 0 to 65535");
  }

  @Test
  void an_unknown_option_names_the_nearest() {
    assertThat(run("run", "--intervall", "5s")).isEqualTo(2);
    assertThat(err.toString()).contains("--interval");
  }

  private int run(String... args) {
    return AgentCommands.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_is_0_and_on_standard_output() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: vmalloc-fleet").contains("topics");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void version_is_the_one_of_the_build() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("vmalloc-fleet \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @Test
  void what_is_not_understood_is_2_and_on_standard_error() {
    assertThat(run("tpoics")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
    assertThat(err.toString()).contains("Did you mean: vmalloc-fleet topics?");
  }

  @Test
  void nothing_to_do_is_2() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).startsWith("Say what to do.");
  }

  private int run(String... args) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
  }
}

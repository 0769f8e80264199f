/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalTest {
  @Test
  void stty_gives_rows_before_columns() {
    assertThat(Terminal.parseSize("24 80\n")).hasValue(new Terminal.Size(80, 24));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0 0\n", "24\n", "stty: standard input", "24 -80"})
  void anything_else_of_stty_is_no_size(String printed) {
    assertThat(Terminal.parseSize(printed)).isEmpty();
  }

  @Test
  void columns_and_lines_stand_in_for_stty() {
    assertThat(Terminal.fromEnvironment(Map.of("COLUMNS", "132", "LINES", "43")))
        .hasValue(new Terminal.Size(132, 43));
    assertThat(Terminal.fromEnvironment(Map.of("COLUMNS", "132"))).isEmpty();
  }

  @Test
  void the_first_locale_variable_that_is_set_decides_on_unicode() {
    assertThat(Terminal.hasUnicodeLocale(Map.of("LANG", "de_DE.UTF-8"))).isTrue();
    assertThat(Terminal.hasUnicodeLocale(Map.of("LANG", "C.utf8"))).isTrue();
    assertThat(Terminal.hasUnicodeLocale(Map.of("LC_ALL", "C", "LANG", "de_DE.UTF-8"))).isFalse();
    assertThat(Terminal.hasUnicodeLocale(Map.of("LC_ALL", "", "LC_CTYPE", "C.UTF-8"))).isTrue();
    assertThat(Terminal.hasUnicodeLocale(Map.of())).isFalse();
  }

  @Test
  void output_to_a_pipe_has_no_colours() {
    Terminal terminal = Terminal.standardOutput(Map.of("LANG", "C.UTF-8", "TERM", "dumb"));

    assertThat(terminal.interactive()).isFalse();
    assertThat(terminal.look()).isEqualTo(new Look(false, true));
  }
}

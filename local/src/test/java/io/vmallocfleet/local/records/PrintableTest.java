/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.records;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void control_characters_become_question_marks_and_everything_else_stays() {
    assertThat(Printable.line("a\u001b[2J\n\u009bb")).isEqualTo("a?[2J??b");
    assertThat(Printable.line("höst 😀")).isEqualTo("höst 😀");
  }

  @Test
  void a_word_has_no_blanks_and_is_never_empty() {
    assertThat(Printable.word("(no caller)")).isEqualTo("(no_caller)");
    assertThat(Printable.word("")).isEqualTo("-");
  }

  @Test
  void a_caller_is_written_as_the_kernel_does_or_as_one_word() {
    assertThat(new CallerName("fh_ioremap", "isp")).hasToString("fh_ioremap [isp]");
    assertThat(new CallerName("fh_ioremap", "isp").word()).isEqualTo("fh_ioremap[isp]");
    assertThat(new CallerName("kernel_clone", "").word()).isEqualTo("kernel_clone");
  }
}

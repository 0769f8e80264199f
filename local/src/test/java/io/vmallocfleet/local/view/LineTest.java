/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LineTest {
  private static final Look PLAIN = new Look(false, true);

  @Test
  void a_line_that_is_too_long_ends_with_an_ellipsis() {
    Line line = new Line().add("memory ").add("14.1 MiB", Line.Tone.BOLD);

    assertThat(line.render(15, PLAIN)).isEqualTo("memory 14.1 MiB");
    assertThat(line.render(14, PLAIN)).isEqualTo("memory 14.1 M…");
    assertThat(line.render(6, PLAIN)).isEqualTo("memor…");
    assertThat(line.render(14, new Look(false, false))).isEqualTo("memory 14.1...");
  }

  @Test
  void escape_sequences_take_no_room() {
    Line line = new Line().add("JUMP", Line.Tone.RED).to(8).add("text");

    assertThat(line.render(12, new Look(true, true))).isEqualTo("\u001b[31mJUMP\u001b[0m    text");
  }

  @Test
  void text_wraps_at_blanks_and_breaks_words_that_are_longer_than_a_line() {
    assertThat(Line.wrap("a finding in one sentence", 10))
        .containsExactly("a finding", "in one", "sentence");
    assertThat(Line.wrap("of 0123456789abcdef ends", 8))
        .containsExactly("of", "01234567", "89abcdef", "ends");
    assertThat(Line.wrap("", 8)).containsExactly("");
  }

  @Test
  void durations_have_at_most_two_units() {
    assertThat(Spoken.duration(Duration.ofMillis(500))).isEqualTo("500 ms");
    assertThat(Spoken.duration(Duration.ofSeconds(45))).isEqualTo("45 s");
    assertThat(Spoken.duration(Duration.ofSeconds(130))).isEqualTo("2 min 10 s");
    assertThat(Spoken.duration(Duration.ofMinutes(60))).isEqualTo("1 h");
    assertThat(Spoken.duration(Duration.ofHours(52))).isEqualTo("2 d 4 h");
    assertThat(Spoken.elapsed(Duration.ofHours(52))).isEqualTo("2 d");
    assertThat(Spoken.elapsed(Duration.ofMillis(-500))).isEqualTo("0 s");
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.local.backtest.evaluation.QualityFile.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityGateTest {
  private static final QualityFile PUBLISHED = file(18, 2);

  @Test
  void passes_what_lies_within_the_noise() {
    // 18 of 20 found: Wilson says 0.699 to 0.972, so 14 of 20 = 0.70 is still noise.
    assertThat(QualityGate.check(PUBLISHED, file(14, 2))).isEmpty();
    assertThat(QualityGate.check(PUBLISHED, file(20, 0))).isEmpty();
  }

  @Test
  void fails_when_recall_fell_below_it() {
    // 13 of 20 = 0.65 is below 0.699.
    assertThat(QualityGate.check(PUBLISHED, file(13, 2)))
        .containsExactly(
            "leaks, seed 7: recall fell to 0.650, below 0.699, the lower end of the published 0.900",
            "total: recall fell to 0.650, below 0.699, the lower end of the published 0.900");
  }

  @Test
  void fails_when_false_alerts_rose_above_it() {
    // Garwood for 2 events: up to 7.22; 8 in the same 100 host-days are more.
    assertThat(QualityGate.check(PUBLISHED, file(18, 8)))
        .contains(
            "leaks, seed 7: false alerts rose to 0.08000 a host-day, above 0.07225, the upper end of the published 0.02000");
  }

  @Test
  void fails_when_a_scenario_is_no_longer_measured() {
    QualityFile other =
        QualityFile.of(List.of(new Result("jumps", 7, 20, 18, 18, 2, 0, 100, null)));

    assertThat(QualityGate.check(PUBLISHED, other))
        .containsExactly("leaks, seed 7: published, but no longer measured");
  }

  @Test
  void what_is_written_is_read_again(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("quality.json");

    PUBLISHED.write(file);

    assertThat(QualityFile.read(file)).isEqualTo(PUBLISHED);
    assertThat(PUBLISHED.total().incidents()).isEqualTo(20);
    Files.writeString(file, "{}");
    assertThatThrownBy(() -> QualityFile.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("quality.json is not a quality file");
  }

  private static QualityFile file(long found, long falseAlerts) {
    return QualityFile.of(
        List.of(new Result("leaks", 7, 20, found, found, falseAlerts, 0, 100, null)));
  }
}

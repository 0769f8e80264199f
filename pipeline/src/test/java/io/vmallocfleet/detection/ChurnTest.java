/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChurnTest {
  @Test
  void far_more_for_three_windows_is_churn_and_back_to_usual_is_not() {
    Churn churn = after(Churn.unknown(), 100, 50);

    churn = after(churn, 2, 5_000);
    assertThat(churn.isFarAboveUsual(ChurnSettings.DEFAULTS)).isFalse();
    churn = after(churn, 1, 5_000);
    assertThat(churn.isFarAboveUsual(ChurnSettings.DEFAULTS)).isTrue();
    churn = after(churn, 1, 50);
    assertThat(churn.isFarAboveUsual(ChurnSettings.DEFAULTS)).isFalse();
  }

  @Test
  void much_that_is_usual_and_more_that_is_little_are_not_churn() {
    assertThat(after(Churn.unknown(), 100, 50_000).raised()).isZero();
    assertThat(after(after(Churn.unknown(), 100, 1), 10, 200).raised()).isZero();
  }

  @Test
  void a_caller_that_was_calm_all_along_is_judged_at_once() {
    assertThat(after(Churn.calmFor(100), 3, 300).isFarAboveUsual(ChurnSettings.DEFAULTS)).isTrue();
    assertThat(after(Churn.calmFor(5), 3, 300).isFarAboveUsual(ChurnSettings.DEFAULTS)).isFalse();
    assertThat(after(Churn.calmFor(100), 3, 240).isFarAboveUsual(ChurnSettings.DEFAULTS)).isFalse();
  }

  @Test
  void three_thousand_changes_an_hour_are_many_however_far_apart_snapshots_are() {
    assertThat(ChurnSettings.DEFAULTS.withWindow(Duration.ofMinutes(1)).floorAreas())
        .isEqualTo(250);
    assertThat(ChurnSettings.DEFAULTS.withWindow(Duration.ofMinutes(30)).floorAreas())
        .isEqualTo(1500);
  }

  @Test
  void a_new_usual_is_learned_in_the_end() {
    Churn churn = after(after(Churn.unknown(), 100, 50), 2_000, 5_000);

    assertThat(churn.raised()).isZero();
    assertThat(churn.mean()).isGreaterThan(1_250);
  }

  private static Churn after(Churn churn, int windows, long changes) {
    Churn next = churn;
    for (int i = 0; i < windows; i++) {
      next = next.observe(changes + i % 3, ChurnSettings.DEFAULTS);
    }
    return next;
  }
}

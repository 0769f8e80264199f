/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossRateTest {

  @Test
  void one_lost_in_a_window_of_six_is_no_trouble_and_a_third_of_all_is() {
    assertThat(LossRate.none().observe(1, 5).high()).isFalse();

    LossRate third = LossRate.none();
    for (int window = 0; window < 10; window++) {
      third = third.observe(2, 4);
    }
    assertThat(third.high()).isTrue();
  }

  @Test
  void hundreds_lost_at_once_are_said_at_once_and_forgotten_after_an_hour() {
    // 0.1 * 500 / 501 = 0.0998; below 0.01 after 22 windows: 0.0998 * 0.9^22 = 0.0098.
    LossRate rate = LossRate.none().observe(500, 1);
    assertThat(rate.high()).isTrue();
    assertThat(rate.lost()).isEqualTo(500);

    int windows = 0;
    while (rate.high()) {
      rate = rate.observe(0, 6);
      windows++;
    }
    assertThat(windows).isEqualTo(22);
    assertThat(rate.lost()).isZero();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LossRateTest {

  @Test
  void a_third_of_all_is_a_trouble_and_a_tenth_is_not() {
    // 1/3 * (1 - (29/30)^27) = 0.2: at the fifth window of six.
    LossRate third = LossRate.none();
    int windows = 0;
    while (!third.high()) {
      third = third.observe(2, 4);
      windows++;
    }
    assertThat(windows).isEqualTo(5);

    LossRate tenth = LossRate.none();
    for (int window = 0; window < 200; window++) {
      tenth = tenth.observe(window % 10 == 0 ? 1 : 0, 1);
    }
    assertThat(tenth.high()).isFalse();
  }

  @Test
  void a_single_gap_is_no_trouble_however_few_arrive_in_a_window() {
    // 1 - (29/30)^6 = 0.184.
    assertThat(LossRate.none().observe(5, 1).high()).isFalse();

    LossRate twice = LossRate.none().observe(1, 1).observe(0, 1).observe(1, 1);
    assertThat(twice.high()).isFalse();
  }

  @Test
  void hundreds_lost_at_once_are_said_at_once_and_forgotten_after_hundred_snapshots() {
    // 500 / 501 = 0.998; 0.998 * (29/30)^n is below 0.05 from n = 89 on: 15 windows of six.
    LossRate rate = LossRate.none().observe(500, 1);
    assertThat(rate.high()).isTrue();
    assertThat(rate.lost()).isEqualTo(500);

    int windows = 0;
    while (rate.high()) {
      rate = rate.observe(0, 6);
      windows++;
    }
    assertThat(windows).isEqualTo(15);
    assertThat(rate.lost()).isZero();
  }
}

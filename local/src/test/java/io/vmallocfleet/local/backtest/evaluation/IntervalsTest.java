/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class IntervalsTest {

  @Test
  void none_seen_in_a_day_still_allows_more_than_three() {
    Rate rate = Rate.of(0, 1);

    assertThat(rate.low()).isZero();
    // P(0 events) = exp(-m) = 0.025 at m = -ln 0.025 = 3.6889.
    assertThat(rate.high()).isCloseTo(-Math.log(0.025), within(1e-6));
  }

  @Test
  void poisson_limits_are_those_of_garwoods_table() {
    // Garwood 1936, table 1, 95 %: 1 event 0.0253..5.572, 10 events 4.795..18.39.
    assertThat(Rate.of(1, 1).low()).isCloseTo(0.0253, within(5e-5));
    assertThat(Rate.of(1, 1).high()).isCloseTo(5.572, within(5e-4));
    assertThat(Rate.of(10, 1).low()).isCloseTo(4.795, within(5e-4));
    assertThat(Rate.of(10, 1).high()).isCloseTo(18.39, within(5e-3));
  }

  @Test
  void a_rate_is_events_over_hosts_times_days() {
    Rate rate = Rate.of(10, 2000);

    assertThat(rate.perHostDay()).isEqualTo(0.005);
    assertThat(rate.high()).isCloseTo(18.39 / 2000, within(5e-6));
  }

  @Test
  void wilson_interval_of_nine_of_ten() {
    Proportion share = Proportion.of(9, 10);

    // z² = 3.8415: (0.9 + 0.19207 ± 1.96 √(0.009 + 0.0096036)) / 1.38415
    //            = (1.09207 ± 0.26733) / 1.38415.
    assertThat(share.low()).isCloseTo(0.5958, within(1e-4));
    assertThat(share.high()).isCloseTo(0.9821, within(1e-4));
  }

  @Test
  void wilson_interval_says_something_for_none_and_for_all() {
    // (z²/n) / (1 + z²/n) = 0.38415 / 1.38415 = 0.2775.
    assertThat(Proportion.of(0, 10).low()).isZero();
    assertThat(Proportion.of(0, 10).high()).isCloseTo(0.2775, within(1e-4));
    assertThat(Proportion.of(10, 10).low()).isCloseTo(1 - 0.2775, within(1e-4));
    assertThat(Proportion.of(10, 10).high()).isEqualTo(1);
    assertThat(Proportion.of(0, 0).estimate()).isNull();
  }
}

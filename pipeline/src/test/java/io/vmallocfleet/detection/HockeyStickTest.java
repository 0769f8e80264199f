/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HockeyStickTest {

  @Test
  void finds_the_knee_and_the_slope() {
    HockeyStick stick = HockeyStick.fit(new double[] {10, 10, 10, 12, 14, 16, 18});

    assertThat(stick.knee()).isEqualTo(2);
    assertThat(stick.slope()).isCloseTo(2, within(1e-9));
    assertThat(stick.rise()).isCloseTo(8, within(1e-9));
    assertThat(stick.straightness()).isGreaterThan(1e6);
  }

  @Test
  void holds_the_rise_against_what_wanders() {
    // Off the line 0, 10, 20, 30 by +1, -1, -1, +1: slope 10 still, rise 30, wander 2.
    HockeyStick stick = HockeyStick.fit(new double[] {1, 9, 19, 31});

    assertThat(stick.knee()).isZero();
    assertThat(stick.rise()).isCloseTo(30, within(1e-9));
    assertThat(stick.wander()).isCloseTo(2, within(1e-9));
    assertThat(stick.straightness()).isCloseTo(15, within(1e-9));
  }

  @Test
  void a_cache_that_fills_is_not_straight() {
    double[] cache = new double[8];
    for (int i = 0; i < cache.length; i++) {
      cache[i] = 100 * (1 - StrictMath.exp(-i / 2.0));
    }

    assertThat(HockeyStick.fit(cache).straightness()).isLessThan(4);
  }

  @Test
  void has_no_fit_for_what_is_not_known() {
    assertThat(HockeyStick.fit(new double[] {1, Double.NaN, 3, 4, 5})).isNull();
  }
}

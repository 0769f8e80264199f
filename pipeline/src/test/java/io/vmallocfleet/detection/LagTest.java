/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LagTest {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  @Test
  void the_same_lag_five_times_and_for_three_windows_is_steady() {
    Lag lag = Lag.first(0, 2 * HOUR);
    for (int minute = 1; minute < 4; minute++) {
      lag = lag.next(minute * MINUTE, 2 * HOUR + minute * MINUTE, MINUTE);
      assertThat(lag.isSteady(MINUTE)).isFalse();
    }
    assertThat(lag.next(4 * MINUTE, 2 * HOUR + 4 * MINUTE, MINUTE).isSteady(MINUTE)).isTrue();
  }

  @Test
  void a_spool_that_is_emptied_is_no_lag() {
    // Taken a minute apart, sent within seconds, and sent twice as fast as taken.
    Lag burst = Lag.first(0, 2 * HOUR);
    Lag catchingUp = Lag.first(0, 2 * HOUR);
    for (int i = 1; i < 100; i++) {
      burst = burst.next(i * MINUTE, 2 * HOUR + i * 100, MINUTE);
      catchingUp = catchingUp.next(i * MINUTE, 2 * HOUR + i * MINUTE / 2, MINUTE);
      assertThat(burst.isSteady(MINUTE)).isFalse();
      assertThat(catchingUp.isSteady(MINUTE)).isFalse();
    }
  }

  @Test
  void stragglers_now_and_then_are_no_lag() {
    Lag lag = Lag.first(0, 5 * MINUTE);
    for (int i = 1; i < 20; i++) {
      long taken = i * 20 * MINUTE;
      lag = lag.next(taken, taken + 5 * MINUTE, MINUTE);
      assertThat(lag.isSteady(MINUTE)).isFalse();
    }
  }
}

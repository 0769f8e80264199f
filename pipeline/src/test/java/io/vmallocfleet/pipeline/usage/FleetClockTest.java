/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FleetClockTest {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;

  private final FleetClock clock = new FleetClock();

  @Test
  void one_host_is_its_own_time() {
    assertThat(clock.hear("a", 5 * MINUTE)).isEqualTo(5 * MINUTE);
    assertThat(clock.hear("a", 6 * MINUTE)).isEqualTo(6 * MINUTE);
  }

  @Test
  void never_goes_back() {
    clock.hear("a", 5 * MINUTE);

    assertThat(clock.hear("a", 4 * MINUTE)).isEqualTo(5 * MINUTE);
  }

  @Test
  void three_hosts_five_minutes_apart_do_not_lag() {
    for (int round = 0; round < 10; round++) {
      for (int host = 0; host < 3; host++) {
        long now = (15 * round + 5 * host) * MINUTE;

        assertThat(clock.hear("host-" + host, now)).isEqualTo(now);
      }
    }
  }

  @Test
  void a_host_an_hour_ahead_does_not_move_it() {
    for (int round = 0; round < 100; round++) {
      for (int host = 0; host < 20; host++) {
        long now = round * MINUTE + host * 3_000;
        boolean ahead = host == 7 && round > 0;

        long heard = clock.hear("host-" + host, ahead ? now + HOUR : now);

        assertThat(heard).isBetween(now - 3_000, now);
      }
    }
  }

  @Test
  void a_host_an_hour_behind_does_not_hold_it_back() {
    for (int round = 0; round < 100; round++) {
      for (int host = 0; host < 3; host++) {
        long now = round * MINUTE + host * 20_000;

        long heard = clock.hear("host-" + host, host == 1 ? now - HOUR : now);

        assertThat(heard).isBetween(now - MINUTE, now);
      }
    }
  }

  @Test
  void goes_on_when_most_hosts_have_died() {
    for (int host = 0; host < 3; host++) {
      clock.hear("host-" + host, host * 20_000);
    }
    long last = 0;
    for (int round = 1; round <= 20; round++) {
      last = clock.hear("host-0", round * MINUTE);
    }

    assertThat(last).isEqualTo(20 * MINUTE);
  }
}

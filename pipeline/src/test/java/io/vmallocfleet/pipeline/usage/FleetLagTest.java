/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FleetLagTest {
  private final FleetLag lag = new FleetLag();

  @Test
  void while_most_work_off_what_waited_the_quick_ones_do_not_count() {
    hear(13, "waited", 60_000);
    lag.hear("quick-1", 100);

    assertThat(lag.hear("quick-2", 100)).isEqualTo(60_000);
  }

  @Test
  void clocks_that_are_behind_do_not_count_while_they_are_fewer_than_half() {
    hear(7, "behind", 3_600_000);
    hear(7, "right", 200);

    assertThat(lag.hear("right-7", 200)).isEqualTo(200);
  }

  @Test
  void of_one_host_its_own_and_of_two_the_quicker_counts() {
    assertThat(lag.hear("behind", 3_600_000)).isEqualTo(3_600_000);
    assertThat(lag.hear("right", 200)).isEqualTo(200);
    assertThat(lag.hear("behind", 3_600_000)).isEqualTo(200);
  }

  @Test
  void each_host_counts_once_with_its_last_and_a_clock_ahead_has_no_lag() {
    for (int snapshot = 0; snapshot < 1_000; snapshot++) {
      lag.hear("back", 60_000);
    }
    lag.hear("right", 200);

    assertThat(lag.hear("ahead", -5_000)).isEqualTo(200);
  }

  @Test
  void who_was_not_heard_among_the_last_fifteen_is_forgotten() {
    hear(15, "before", 0);
    hear(7, "after", 60_000);

    assertThat(lag.hear("after-7", 60_000)).isEqualTo(60_000);
  }

  @Test
  void of_hosts_that_ended_while_they_worked_off_what_waited_the_lag_ends_too() {
    lag.hear("ended-1", 3_600_000);
    lag.hear("ended-2", 3_600_000);
    for (int snapshot = 0; snapshot < 14; snapshot++) {
      lag.hear("right", 200);
    }

    assertThat(lag.hear("right", 200)).isEqualTo(200);
  }

  private void hear(int hosts, String name, long lagMillis) {
    for (int host = 0; host < hosts; host++) {
      lag.hear(name + "-" + host, lagMillis);
    }
  }
}

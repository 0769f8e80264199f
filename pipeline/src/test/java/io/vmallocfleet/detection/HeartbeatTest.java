/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private static final long MINUTE = 60_000;

  @Test
  void a_host_heard_every_minute_may_be_silent_for_ten() {
    Heartbeat heartbeat = every(1, 100);

    assertThat(heartbeat.intervalMillis()).isEqualTo(MINUTE);
    // Heard in the window of minute 99, which ended at 100.
    assertThat(heartbeat.deadlineMillis()).isEqualTo(110 * MINUTE);
  }

  @Test
  void a_host_heard_every_quarter_of_an_hour_may_be_silent_for_five_of_them() {
    Heartbeat heartbeat = every(15, 100);

    assertThat(heartbeat.intervalMillis()).isEqualTo(15 * MINUTE);
    assertThat(heartbeat.patienceMillis()).isEqualTo(75 * MINUTE);
  }

  @Test
  void one_long_silence_teaches_little_and_many_become_usual() {
    Heartbeat heartbeat = every(1, 100).heard(160 * MINUTE);
    assertThat(heartbeat.intervalMillis()).isEqualTo(2 * MINUTE);

    for (int i = 1; i < 10; i++) {
      heartbeat = heartbeat.heard((160 + 60 * i) * MINUTE);
    }
    assertThat(heartbeat.intervalMillis()).isEqualTo(60 * MINUTE);
  }

  @Test
  void what_comes_out_of_order_changes_nothing() {
    Heartbeat heartbeat = every(1, 100);

    assertThat(heartbeat.heard(50 * MINUTE)).isSameAs(heartbeat);
  }

  private static Heartbeat every(int minutes, int windows) {
    Heartbeat heartbeat = Heartbeat.first(0, MINUTE);
    for (int i = 1; i < windows; i++) {
      heartbeat = heartbeat.heard(i * minutes * MINUTE);
    }
    return heartbeat;
  }
}

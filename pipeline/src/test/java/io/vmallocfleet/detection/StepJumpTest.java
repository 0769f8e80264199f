/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepJumpTest {

  private static final long MIB = Windows.MIB;
  private static final long MINUTE = 60_000;

  @Test
  void reports_a_step_that_stays_once() {
    Windows windows = Windows.ofOneMinute().steady(8, 100).mib(200, 210).steady(500, 205);

    // Baseline 100, raised 200 and 210: step 205 - 100. The ring stood still, so its deviation
    // counts as 4 KiB: 105 MiB / 4 KiB = 26,880.
    assertThat(windows.jumps())
        .containsExactly(
            new Detection.Jump(
                8 * MINUTE,
                100 * MIB,
                105 * MIB,
                26_880,
                List.of(
                    100 * MIB, 100 * MIB, 100 * MIB, 100 * MIB, 100 * MIB, 100 * MIB, 100 * MIB,
                    100 * MIB, 200 * MIB, 210 * MIB)));
  }

  @Test
  void measures_the_step_in_deviations_of_the_noise_before() {
    Windows windows = Windows.ofOneMinute().mib(90, 110, 90, 110, 90, 110, 90, 110, 400, 400);

    // Median 100, every deviation 10: sigma 14.826. Step 300, z = 300 / 14.826 = 20.23.
    assertThat(windows.jumps().get(0).robustZ()).isBetween(20.23, 20.24);
  }

  @Test
  void passes_over_a_spike_that_reverts() {
    Windows windows = Windows.ofOneMinute();

    for (int hour = 0; hour < 10; hour++) {
      windows.steady(20, 100).mib(900);
    }

    assertThat(windows.jumps()).isEmpty();
  }

  @Test
  void waits_for_the_second_raised_window() {
    Windows windows = Windows.ofOneMinute().steady(8, 100).mib(300);

    assertThat(windows.jumps()).isEmpty();
    assertThat(windows.mib(300).jumps()).hasSize(1);
  }

  @Test
  void judges_nothing_before_it_is_warm() {
    assertThat(Windows.ofOneMinute().steady(6, 100).steady(2, 300).jumps()).isEmpty();
  }

  @Test
  void asks_for_64_mib() {
    assertThat(Windows.ofOneMinute().steady(8, 10).steady(9, 73.9).jumps()).isEmpty();
    assertThat(Windows.ofOneMinute().steady(8, 10).steady(9, 74).jumps()).hasSize(1);
  }

  @Test
  void asks_for_a_quarter_of_the_level() {
    assertThat(Windows.ofOneMinute().steady(8, 1000).steady(9, 1249).jumps()).isEmpty();
    assertThat(Windows.ofOneMinute().steady(8, 1000).steady(9, 1250).jumps()).hasSize(1);
  }

  @Test
  void asks_for_eight_deviations() {
    // Sigma 14.826, eight of them 118.6: from 100 to 218.6.
    Windows noisy = Windows.ofOneMinute().mib(90, 110, 90, 110, 90, 110, 90, 110);
    Windows noisier = Windows.ofOneMinute().mib(90, 110, 90, 110, 90, 110, 90, 110);

    assertThat(noisy.mib(218, 218).jumps()).isEmpty();
    assertThat(noisier.mib(219, 219).jumps()).hasSize(1);
  }

  @Test
  void reports_the_next_step_from_the_new_level() {
    Windows windows =
        Windows.ofOneMinute().steady(8, 100).steady(20, 300).steady(20, 600).steady(20, 100);

    assertThat(windows.jumps())
        .extracting(Detection.Jump::baselineBytes, Detection.Jump::stepBytes)
        .containsExactly(tuple(100 * MIB, 200 * MIB), tuple(300 * MIB, 300 * MIB));
  }

  @Test
  void finds_a_step_that_takes_three_windows() {
    Windows windows = Windows.ofOneMinute().steady(20, 0).mib(100, 200, 300).steady(20, 300);

    assertThat(windows.jumps()).hasSize(1);
  }

  @Test
  void takes_a_caller_that_turns_up_large_on_a_watched_host_for_a_jump() {
    CallerHistory absent =
        CallerHistory.absentSince(0, 30, 30 * MINUTE, DetectionSettings.DEFAULTS);
    Windows watched = new Windows(absent, DetectionSettings.DEFAULTS, MINUTE).steady(5, 500);
    Windows fresh = Windows.ofOneMinute().steady(5, 500);

    assertThat(watched.jumps()).extracting(Detection.Jump::stepBytes).containsExactly(500 * MIB);
    assertThat(fresh.jumps()).isEmpty();
  }

  @Test
  void goes_on_from_a_state_kept_under_longer_settings() {
    JumpSettings patient = new JumpSettings(1 << 20, 0.25, 8, 30, 8, 5);
    JumpSettings hasty = new JumpSettings(1 << 20, 0.25, 8, 16, 8, 2);
    StepJump jump = StepJump.settledAtZero(30);
    for (int window = 0; window < 3; window++) {
      jump = jump.observe(window, 1000, patient);
    }

    StepJump next = jump.observe(3, 1000, hasty);

    assertThat(jump.found(hasty)).isPresent();
    assertThat(next.level()).containsExactly(1000, 1000, 1000, 1000);
    assertThat(next.found(hasty)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 5, 7, 10, 20, 50, 100, 500})
  void a_steady_leak_is_a_jump_at_most_once(double mibPerWindow) {
    Windows windows = Windows.ofOneMinute().steady(30, 100);

    for (int i = 1; i <= 1000; i++) {
      windows.mib(100 + i * mibPerWindow);
    }

    assertThat(windows.jumps()).hasSizeLessThanOrEqualTo(1);
  }
}

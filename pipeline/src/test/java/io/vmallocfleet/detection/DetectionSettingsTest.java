/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DetectionSettingsTest {

  private static final Duration FOUR_HOURS = Duration.ofHours(4);

  @Test
  void changes_floor_and_bucket_and_nothing_else() {
    DetectionSettings trial =
        DetectionSettings.DEFAULTS.withBucket(Duration.ofSeconds(10)).withFloor(1 << 20);

    assertThat(trial.jump()).isEqualTo(new JumpSettings(1 << 20, 0.25, 8, 16, 8, 2));
    assertThat(trial.growth())
        .isEqualTo(new GrowthSettings(1 << 20, 0.03, 5, 0.75, 0.5, 48, 8, Duration.ofSeconds(10)));
  }

  @Test
  void refuses_jump_settings_that_judge_nothing_or_everything() {
    refused(
        () -> new JumpSettings(0, 0.25, 8, 16, 8, 2), "floorBytes is 0: expected at least 4096");
    refused(
        () -> new JumpSettings(4096, Double.NaN, 8, 16, 8, 2),
        "minimumRatio is NaN: expected 0 to 100");
    refused(
        () -> new JumpSettings(4096, 0.25, 0, 16, 8, 2),
        "minimumDeviations is 0.0: expected above 0 and below 1000");
    refused(() -> new JumpSettings(4096, 0.25, 8, 2, 2, 2), "windows is 2: expected at least 3");
    refused(
        () -> new JumpSettings(4096, 0.25, 8, 16, 17, 2), "warmUp is 17: expected 3 to windows");
    refused(
        () -> new JumpSettings(4096, 0.25, 8, 16, 8, 0), "persistence is 0: expected 1 to windows");
  }

  @Test
  void refuses_growth_settings_that_judge_nothing_or_everything() {
    refused(
        () -> new GrowthSettings(64, 0.03, 5, 0.75, 0.5, 48, 8, FOUR_HOURS),
        "floorBytes is 64: expected at least 4096");
    refused(
        () -> new GrowthSettings(4096, 1, 5, 0.75, 0.5, 48, 8, FOUR_HOURS),
        "minimumShare is 1.0: expected 0 to below 1");
    refused(
        () -> new GrowthSettings(4096, 0.03, 5, 1.5, 0.5, 48, 8, FOUR_HOURS),
        "shapeRatio is 1.5: expected 0 to 1");
    refused(
        () -> new GrowthSettings(4096, 0.03, 5, 0.75, 0, 48, 8, FOUR_HOURS),
        "stepShare is 0.0: expected above 0, at most 1");
    refused(
        () -> new GrowthSettings(4096, 0.03, 5, 0.75, 0.5, 5, 5, FOUR_HOURS),
        "buckets is 5: expected at least 6");
    refused(
        () -> new GrowthSettings(4096, 0.03, 5, 0.75, 0.5, 48, 49, FOUR_HOURS),
        "minimumBuckets is 49: expected 6 to buckets");
    refused(
        () -> new GrowthSettings(4096, 0.03, 5, 0.75, 0.5, 48, 8, Duration.ZERO),
        "bucket is PT0S: expected at least 1 ms");
  }

  @Test
  void refuses_a_z_that_the_ring_can_never_reach() {
    // 12 rising buckets: s = 66, variance 12 * 11 * 29 / 18 = 212.67, z = 65 / 14.583 = 4.457.
    refused(
        () -> new GrowthSettings(4096, 0.03, 5, 0.75, 0.5, 12, 8, FOUR_HOURS),
        "minimumZ is 5.0: expected above 0 and below 4.46, which 12 buckets can reach");
  }

  @Test
  void refuses_rings_that_outgrow_the_state() {
    JumpSettings jump = new JumpSettings(4096, 0.25, 8, 61, 8, 2);

    refused(
        () -> new DetectionSettings(jump, GrowthSettings.DEFAULTS),
        "windows + persistence + buckets is 111: expected at most 110");
  }

  private static void refused(ThrowingCallable construction, String message) {
    assertThatIllegalArgumentException().isThrownBy(construction).withMessage(message);
  }
}

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

    assertThat(trial.jump()).isEqualTo(new JumpSettings(1 << 20, 0.25, 8, 0.5, 8, 2, 240, 10));
    assertThat(trial.growth())
        .isEqualTo(
            new GrowthSettings(
                1 << 20, 1 << 20, 0.03, 5, 0.75, 0.5, 4, 5, 6, 48, 24, 6, Duration.ofSeconds(10)));
  }

  @Test
  void refuses_jump_settings_that_judge_nothing_or_everything() {
    refused(
        () -> new JumpSettings(0, 0.25, 8, 0.5, 8, 2, 240, 10),
        "floorBytes is 0: expected at least 4096");
    refused(
        () -> new JumpSettings(4096, Double.NaN, 8, 0.5, 8, 2, 240, 10),
        "minimumRatio is NaN: expected 0 to 100");
    refused(
        () -> new JumpSettings(4096, 0.25, 0, 0.5, 8, 2, 240, 10),
        "minimumDeviations is 0.0: expected above 0 and below 1000");
    refused(
        () -> new JumpSettings(4096, 0.25, 8, 0.5, 2, 2, 240, 10),
        "warmUp is 2: expected at least 3");
    refused(
        () -> new JumpSettings(4096, 0.25, 8, 0.5, 8, 0, 240, 10),
        "persistence is 0: expected at least 1");
    refused(
        () -> new JumpSettings(4096, 0.25, 8, 0.5, 8, 2, 1, 10),
        "settled is 1: expected at least persistence");
    refused(
        () -> new JumpSettings(4096, 0.25, 8, 0.5, 8, 2, 240, 0),
        "ticketSurprise is 0.0: expected above 0");
  }

  @Test
  void refuses_growth_settings_that_judge_nothing_or_everything() {
    refused(
        () -> growth(64, 0.03, 5, 0.75, 0.5, 5, 48, 24, 6),
        "floorBytes is 64: expected at least suspectFloorBytes");
    refused(
        () -> growth(4096, 1, 5, 0.75, 0.5, 5, 48, 24, 6),
        "minimumShare is 1.0: expected 0 to below 1");
    refused(
        () -> growth(4096, 0.03, 5, 1.5, 0.5, 5, 48, 24, 6), "shapeRatio is 1.5: expected 0 to 1");
    refused(
        () -> growth(4096, 0.03, 5, 0.75, 0, 5, 48, 24, 6),
        "stepShare is 0.0: expected above 0, at most 1");
    refused(
        () -> growth(4096, 0.03, 5, 0.75, 0.5, 3, 48, 24, 6),
        "straightness is 3.0: expected at least suspectStraightness");
    refused(
        () -> growth(4096, 0.03, 5, 0.75, 0.5, 5, 48, 23, 6),
        "minimumBuckets is 23: expected four times blockBuckets to buckets");
    refused(
        () -> growth(4096, 0.03, 5, 0.75, 0.5, 5, 48, 49, 6),
        "minimumBuckets is 49: expected four times blockBuckets to buckets");
    refused(
        () -> GrowthSettings.DEFAULTS.withBucket(Duration.ZERO),
        "bucket is PT0S: expected at least 1 ms");
  }

  @Test
  void refuses_a_z_that_the_ring_can_never_reach() {
    // 4 rising days, 6 hours each: s = 6 * 6, variance 6 * 4 * 3 * 13 / 18 = 52, z = 35 / 7.211.
    refused(
        () -> growth(4096, 0.03, 5, 0.75, 0.5, 5, 24, 24, 6),
        "minimumZ is 5.0: expected above 0 and below 4.85, which 24 buckets can reach");
  }

  @Test
  void refuses_rings_that_outgrow_the_state() {
    GrowthSettings growth = growth(4096, 0.03, 5, 0.75, 0.5, 5, 200, 24, 6);

    refused(
        () ->
            new DetectionSettings(
                JumpSettings.DEFAULTS,
                growth,
                SurgeSettings.DEFAULTS,
                ChurnSettings.DEFAULTS,
                HeadroomSettings.DEFAULTS,
                1 << 20),
        "state of a caller is 576: expected at most 512 bytes");
  }

  @Test
  void fast_buckets_are_no_longer_than_slow_ones_and_no_shorter_than_a_window() {
    DetectionSettings trial = DetectionSettings.DEFAULTS.withBucket(Duration.ofSeconds(10));

    assertThat(trial.surge().bucket()).isEqualTo(Duration.ofSeconds(10));
    assertThat(trial.withWindow(Duration.ofMinutes(1)).surge().bucket())
        .isEqualTo(Duration.ofMinutes(1));
    assertThat(DetectionSettings.DEFAULTS.withWindow(Duration.ofMinutes(1)))
        .isEqualTo(DetectionSettings.DEFAULTS);
  }

  private static GrowthSettings growth(
      long floorBytes,
      double minimumShare,
      double minimumZ,
      double shapeRatio,
      double stepShare,
      double straightness,
      int buckets,
      int minimumBuckets,
      int blockBuckets) {
    return new GrowthSettings(
        floorBytes,
        4096,
        minimumShare,
        minimumZ,
        shapeRatio,
        stepShare,
        4,
        straightness,
        6,
        buckets,
        minimumBuckets,
        blockBuckets,
        FOUR_HOURS);
  }

  private static void refused(ThrowingCallable construction, String message) {
    assertThatIllegalArgumentException().isThrownBy(construction).withMessage(message);
  }
}

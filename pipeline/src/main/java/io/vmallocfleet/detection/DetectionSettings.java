/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.io.Serializable;
import java.time.Duration;

/**
 * Every constant of the detectors that look at one host.
 *
 * @param requestBytes request for address space that should always fit, without its guard page,
 *     from 4096
 * @throws IllegalArgumentException if a key's state could outgrow {@link #STATE_BYTES}
 */
public record DetectionSettings(
    JumpSettings jump,
    GrowthSettings growth,
    SurgeSettings surge,
    ChurnSettings churn,
    HeadroomSettings headroom,
    long requestBytes)
    implements Serializable {

  /** Most bytes one {@link CallerHistory} may take, field by field: there may be 15 million. */
  public static final int STATE_BYTES = 512;

  /** Lengths, stamps, a trend and a surge: all of a history but the values in its rings. */
  private static final int FIXED_BYTES = 128;

  public static final DetectionSettings DEFAULTS =
      new DetectionSettings(
          JumpSettings.DEFAULTS,
          GrowthSettings.DEFAULTS,
          SurgeSettings.DEFAULTS,
          ChurnSettings.DEFAULTS,
          HeadroomSettings.DEFAULTS,
          1 << 20);

  public DetectionSettings {
    int bytes = FIXED_BYTES + Short.BYTES * (growth.buckets() + surge.buckets());
    Constraint.check(
        bytes <= STATE_BYTES, "state of a caller", bytes, "at most " + STATE_BYTES + " bytes");
    Constraint.check(requestBytes >= 4096, "requestBytes", requestBytes, "at least 4096");
  }

  /**
   * The same with another length of the slow test's buckets, such as ten seconds for a trial; the
   * fast test's are no longer.
   */
  public DetectionSettings withBucket(Duration bucket) {
    Duration fast = SurgeSettings.DEFAULTS.bucket();
    return with(
        growth.withBucket(bucket), surge.withBucket(bucket.compareTo(fast) < 0 ? bucket : fast));
  }

  /** The same for windows of a length: no bucket is shorter, or most would be empty. */
  public DetectionSettings withWindow(Duration window) {
    return new DetectionSettings(
        jump,
        growth,
        surge.bucket().compareTo(window) < 0 ? surge.withBucket(window) : surge,
        churn.withWindow(window),
        headroom.withWindow(window),
        requestBytes);
  }

  /** The same with another floor, in bytes, for jumps and growth alike. */
  public DetectionSettings withFloor(long floorBytes) {
    return new DetectionSettings(
        jump.withFloor(floorBytes),
        growth.withFloor(floorBytes),
        surge.withFloor(floorBytes),
        churn,
        headroom,
        requestBytes);
  }

  /** The same with another bar for growth: lower is sooner, and wrong more often. */
  public DetectionSettings withMinimumZ(double minimumZ) {
    return with(growth.withMinimumZ(minimumZ), surge);
  }

  private DetectionSettings with(GrowthSettings newGrowth, SurgeSettings newSurge) {
    return new DetectionSettings(jump, newGrowth, newSurge, churn, headroom, requestBytes);
  }
}

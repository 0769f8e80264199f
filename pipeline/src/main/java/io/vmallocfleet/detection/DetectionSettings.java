/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.io.Serializable;
import java.time.Duration;

/**
 * Every constant of the detectors.
 *
 * @throws IllegalArgumentException if a key's state could outgrow {@link #STATE_BYTES}
 */
public record DetectionSettings(JumpSettings jump, GrowthSettings growth) implements Serializable {

  /** Most bytes one {@link CallerHistory} may take, field by field: there may be 15 million. */
  public static final int STATE_BYTES = 512;

  /** Array lengths, stamps and a confirmed trend: all of a history but the values in its rings. */
  private static final int FIXED_BYTES = 72;

  public static final DetectionSettings DEFAULTS =
      new DetectionSettings(JumpSettings.DEFAULTS, GrowthSettings.DEFAULTS);

  public DetectionSettings {
    int values = jump.windows() + jump.persistence() + growth.buckets();
    int most = (STATE_BYTES - FIXED_BYTES) / Integer.BYTES;
    Constraint.check(values <= most, "windows + persistence + buckets", values, "at most " + most);
  }

  /** The same with another length of the growth buckets, such as ten seconds for a trial. */
  public DetectionSettings withBucket(Duration bucket) {
    return new DetectionSettings(jump, growth.withBucket(bucket));
  }

  /** The same with another floor, in bytes, for jumps and growth alike. */
  public DetectionSettings withFloor(long floorBytes) {
    return new DetectionSettings(jump.withFloor(floorBytes), growth.withFloor(floorBytes));
  }

  /** The same with another bar for growth: lower is sooner, and wrong more often. */
  public DetectionSettings withMinimumZ(double minimumZ) {
    return new DetectionSettings(jump, growth.withMinimumZ(minimumZ));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a caller grows so fast that days cannot be waited for: its bucket minima rise in a straight
 * line, over everything they were before.
 *
 * @param floorBytes smallest rise worth a word, from 4096
 * @param minimumShare smallest rise relative to the level it starts from, from 0
 * @param straightness smallest {@link HockeyStick#straightness}, above 0
 * @param bendRatio the second half of the rise must have this share of the first half's slope, 0 to
 *     1
 * @param rising fewest buckets in the rise, from 4
 * @param buckets buckets remembered, from {@code rising}
 * @param patience buckets without a rise after which it has ended, from 1
 * @param proof buckets after which it is known not to be a cache that fills, from {@code rising}
 * @param memory buckets after which what was once the highest is half forgotten, from 1
 * @param bucket length of a bucket, a whole number of milliseconds
 */
public record SurgeSettings(
    long floorBytes,
    double minimumShare,
    double straightness,
    double bendRatio,
    int rising,
    int buckets,
    int patience,
    int proof,
    int memory,
    Duration bucket)
    implements Serializable {

  /**
   * 24 buckets of ten minutes: a rise of 64 MiB within four hours, less than which the slow test
   * sees in time. Ten minutes, so that what containers take and give back at their start is over in
   * most. Twelve hours of proof: with a bend ratio of 0.75 a cache that fills with a time constant
   * of up to 30 hours has bent by then, and a leak that leaves less time than that pages without.
   * Half forgotten after two weeks: a weekly job may come again.
   */
  public static final SurgeSettings DEFAULTS =
      new SurgeSettings(64L << 20, 0.05, 6, 0.75, 5, 24, 12, 72, 2016, Duration.ofMinutes(10));

  public SurgeSettings {
    Constraint.check(floorBytes >= 4096, "floorBytes", floorBytes, "at least 4096");
    Constraint.check(minimumShare >= 0, "minimumShare", minimumShare, "at least 0");
    Constraint.check(straightness > 0, "straightness", straightness, "above 0");
    Constraint.check(bendRatio >= 0 && bendRatio <= 1, "bendRatio", bendRatio, "0 to 1");
    Constraint.check(rising >= 4, "rising", rising, "at least 4");
    Constraint.check(buckets >= rising, "buckets", buckets, "at least rising");
    Constraint.check(patience >= 1, "patience", patience, "at least 1");
    Constraint.check(proof >= rising, "proof", proof, "at least rising");
    Constraint.check(memory >= 1, "memory", memory, "at least 1");
    Constraint.check(bucket.toMillis() >= 1, "bucket", bucket, "at least 1 ms");
  }

  SurgeSettings withFloor(long newFloor) {
    return new SurgeSettings(
        newFloor,
        minimumShare,
        straightness,
        bendRatio,
        rising,
        buckets,
        patience,
        proof,
        memory,
        bucket);
  }

  SurgeSettings withBucket(Duration newBucket) {
    return new SurgeSettings(
        floorBytes,
        minimumShare,
        straightness,
        bendRatio,
        rising,
        buckets,
        patience,
        proof,
        memory,
        newBucket);
  }
}

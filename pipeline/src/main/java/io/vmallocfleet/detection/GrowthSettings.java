/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.io.Serializable;
import java.time.Duration;

/**
 * When the growth of one caller on one host is a leak. Judged are the minima of the last {@code
 * buckets} buckets, in three equal parts with medians {@code first}, {@code middle}, {@code last}.
 *
 * @param floorBytes smallest {@code last - first} worth a word, from 4096
 * @param minimumShare smallest {@code last - first} relative to {@code last}, from 0 to below 1
 * @param minimumZ smallest Mann-Kendall z, above 0 and within reach of that many buckets
 * @param shapeRatio the last part must have grown by at least this share of the middle one's
 *     growth, {@code last - middle >= shapeRatio * (middle - first)}, 0 to 1: a cache that fills
 *     bends and fails
 * @param stepShare one single step must make up less than this share of the growth, above 0 to 1
 * @param buckets buckets remembered
 * @param minimumBuckets buckets needed before anything is judged, 6 to {@code buckets}
 * @param bucket length of a bucket, a whole number of milliseconds; buckets are aligned to the
 *     epoch
 */
public record GrowthSettings(
    long floorBytes,
    double minimumShare,
    double minimumZ,
    double shapeRatio,
    double stepShare,
    int buckets,
    int minimumBuckets,
    Duration bucket)
    implements Serializable {

  /**
   * Chosen by reasoning, not fitted. 48 buckets of four hours are eight days, so that a weekly
   * rhythm is seen whole, and a day divides into whole buckets. The minimum of four hours passes
   * over bursts and jobs that come and go. 64 MiB and 3 % as for what an operator would act on. A z
   * of 5 makes a suspect, not a page: it takes at least 15 buckets, and autocorrelation makes its
   * nominal probability worthless, see {@code CalibrationTest} for the real one. An exponential
   * approach {@code 1 - exp(-t/T)} over a ring of length L has a shape ratio of exp(-L/3T), so 0.75
   * rejects a filling cache once L > 0.86 T. Half of the growth in one step is a step.
   */
  public static final GrowthSettings DEFAULTS =
      new GrowthSettings(64L << 20, 0.03, 5, 0.75, 0.5, 48, 8, Duration.ofHours(4));

  public GrowthSettings {
    Constraint.check(floorBytes >= 4096, "floorBytes", floorBytes, "at least 4096");
    Constraint.check(
        minimumShare >= 0 && minimumShare < 1, "minimumShare", minimumShare, "0 to below 1");
    Constraint.check(shapeRatio >= 0 && shapeRatio <= 1, "shapeRatio", shapeRatio, "0 to 1");
    Constraint.check(stepShare > 0 && stepShare <= 1, "stepShare", stepShare, "above 0, at most 1");
    Constraint.check(buckets >= 6, "buckets", buckets, "at least 6");
    Constraint.check(
        minimumBuckets >= 6 && minimumBuckets <= buckets,
        "minimumBuckets",
        minimumBuckets,
        "6 to buckets");
    double highestZ = MannKendall.highestZ(buckets);
    Constraint.check(
        minimumZ > 0 && minimumZ < highestZ,
        "minimumZ",
        minimumZ,
        "above 0 and below %.2f, which %d buckets can reach".formatted(highestZ, buckets));
    Constraint.check(bucket.toMillis() >= 1, "bucket", bucket, "at least 1 ms");
  }

  GrowthSettings withFloor(long newFloor) {
    return new GrowthSettings(
        newFloor, minimumShare, minimumZ, shapeRatio, stepShare, buckets, minimumBuckets, bucket);
  }

  GrowthSettings withMinimumZ(double newMinimumZ) {
    return new GrowthSettings(
        floorBytes,
        minimumShare,
        newMinimumZ,
        shapeRatio,
        stepShare,
        buckets,
        minimumBuckets,
        bucket);
  }

  GrowthSettings withBucket(Duration newBucket) {
    return new GrowthSettings(
        floorBytes,
        minimumShare,
        minimumZ,
        shapeRatio,
        stepShare,
        buckets,
        minimumBuckets,
        newBucket);
  }
}

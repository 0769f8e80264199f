/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.io.Serializable;
import java.time.Duration;

/**
 * When slow growth of one caller on one host is suspicious, and when it is a leak. Judged are the
 * minima of the last {@code buckets} buckets: in three equal parts with medians {@code first},
 * {@code middle}, {@code last}, and in blocks of a day, each its median.
 *
 * @param floorBytes smallest growth worth a word about one host, from {@code suspectFloorBytes}
 * @param suspectFloorBytes smallest growth counted over a fleet, from 4096
 * @param minimumShare smallest growth relative to {@code last}, from 0 to below 1
 * @param minimumZ smallest z of Kendall's test, above 0 and within reach of that many buckets
 * @param shapeRatio the last part must have grown by at least this share of the middle one's
 *     growth, {@code last - middle >= shapeRatio * (middle - first)}, 0 to 1: a cache that fills
 *     bends and fails
 * @param stepShare from one block to the next it must rise by less than this share of the growth,
 *     above 0 to 1
 * @param suspectStraightness smallest {@link HockeyStick#straightness} of a suspect, above 0
 * @param straightness the same of a leak, from {@code suspectStraightness}
 * @param persistence buckets in a row in which all of it must hold before it is a leak, from 1
 * @param buckets buckets remembered
 * @param minimumBuckets buckets needed before anything is judged, four blocks to {@code buckets}
 * @param blockBuckets buckets in a block, from 1
 * @param bucket length of a bucket, a whole number of milliseconds; buckets are aligned to the
 *     epoch
 */
public record GrowthSettings(
    long floorBytes,
    long suspectFloorBytes,
    double minimumShare,
    double minimumZ,
    double shapeRatio,
    double stepShare,
    double suspectStraightness,
    double straightness,
    int persistence,
    int buckets,
    int minimumBuckets,
    int blockBuckets,
    Duration bucket)
    implements Serializable {

  private static final int MINIMUM_BLOCKS = 4;

  /**
   * 48 buckets of four hours are eight days, so that a weekly rhythm is seen whole, and a day
   * divides into whole buckets. 64 MiB and 3 % as for what an operator would act on; over a fleet 1
   * MiB on each of many hosts is. A z of 5 makes a suspect, not a page; autocorrelation makes its
   * nominal probability worthless, see {@code CalibrationTest} for the real one. An exponential
   * approach {@code 1 - exp(-t/T)} over a ring of length L has a shape ratio of exp(-L/3T), so 0.75
   * rejects a filling cache once L > 0.86 T. Half of the growth in one step is a step.
   *
   * <p>Straightness and a day of persistence were chosen on random walks, which rank tests take for
   * leaks: 45 of 100 callers that wander were reported within three weeks without the two, 5 to 8
   * with them.
   */
  public static final GrowthSettings DEFAULTS =
      new GrowthSettings(
          64L << 20, 1L << 20, 0.03, 5, 0.75, 0.5, 4, 5, 6, 48, 24, 6, Duration.ofHours(4));

  public GrowthSettings {
    Constraint.check(
        suspectFloorBytes >= 4096, "suspectFloorBytes", suspectFloorBytes, "at least 4096");
    Constraint.check(
        floorBytes >= suspectFloorBytes, "floorBytes", floorBytes, "at least suspectFloorBytes");
    Constraint.check(
        minimumShare >= 0 && minimumShare < 1, "minimumShare", minimumShare, "0 to below 1");
    Constraint.check(shapeRatio >= 0 && shapeRatio <= 1, "shapeRatio", shapeRatio, "0 to 1");
    Constraint.check(stepShare > 0 && stepShare <= 1, "stepShare", stepShare, "above 0, at most 1");
    Constraint.check(
        suspectStraightness > 0, "suspectStraightness", suspectStraightness, "above 0");
    Constraint.check(
        straightness >= suspectStraightness,
        "straightness",
        straightness,
        "at least suspectStraightness");
    Constraint.check(persistence >= 1, "persistence", persistence, "at least 1");
    Constraint.check(blockBuckets >= 1, "blockBuckets", blockBuckets, "at least 1");
    Constraint.check(
        minimumBuckets >= MINIMUM_BLOCKS * blockBuckets && minimumBuckets <= buckets,
        "minimumBuckets",
        minimumBuckets,
        "four times blockBuckets to buckets");
    Constraint.check(bucket.toMillis() >= 1, "bucket", bucket, "at least 1 ms");
    double highestZ = SeasonalKendall.highestZ(buckets, seasons(blockBuckets, bucket));
    Constraint.check(
        minimumZ > 0 && minimumZ < highestZ,
        "minimumZ",
        minimumZ,
        "above 0 and below %.2f, which %d buckets can reach".formatted(highestZ, buckets));
  }

  /** Buckets a day where a block is a day, otherwise 1: a trial of minutes knows no hours. */
  int seasons() {
    return seasons(blockBuckets, bucket);
  }

  private static int seasons(int blockBuckets, Duration bucket) {
    return bucket.multipliedBy(blockBuckets).equals(Duration.ofDays(1)) ? blockBuckets : 1;
  }

  GrowthSettings withFloor(long newFloor) {
    return new GrowthSettings(
        newFloor,
        Math.min(suspectFloorBytes, newFloor),
        minimumShare,
        minimumZ,
        shapeRatio,
        stepShare,
        suspectStraightness,
        straightness,
        persistence,
        buckets,
        minimumBuckets,
        blockBuckets,
        bucket);
  }

  GrowthSettings withMinimumZ(double newMinimumZ) {
    return new GrowthSettings(
        floorBytes,
        suspectFloorBytes,
        minimumShare,
        newMinimumZ,
        shapeRatio,
        stepShare,
        suspectStraightness,
        straightness,
        persistence,
        buckets,
        minimumBuckets,
        blockBuckets,
        bucket);
  }

  GrowthSettings withBucket(Duration newBucket) {
    return new GrowthSettings(
        floorBytes,
        suspectFloorBytes,
        minimumShare,
        minimumZ,
        shapeRatio,
        stepShare,
        suspectStraightness,
        straightness,
        persistence,
        buckets,
        minimumBuckets,
        blockBuckets,
        newBucket);
  }
}

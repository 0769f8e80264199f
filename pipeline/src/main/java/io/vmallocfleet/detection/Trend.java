/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.Arrays;
import java.util.stream.IntStream;
import javax.annotation.Nullable;

/**
 * A suspicious trend over bucket minima, in units of {@link CallerHistory#UNIT_BYTES}.
 *
 * <p>Six questions, the cheap ones first, so that a quiet or small caller costs one pass over its
 * ring: did it grow by enough bytes between the first and the last third; is it still growing about
 * as fast as before (a filling cache is not); does it rise in a straight line (a random walk does
 * not); by enough bytes along that line; in more than one step; and do values of the same hour rise
 * far more often than they fall.
 *
 * @param z of {@link SeasonalKendall}, or of {@link MannKendall} while there are too few days
 * @param straightness of the {@link HockeyStick} over the days
 * @param unitsPerBucket its slope
 * @param sinceMillis start of the bucket after which the rise began
 * @param baseline median of the first third
 * @param growth from there to the median of the last third
 */
public record Trend(
    float z, float straightness, float unitsPerBucket, long sinceMillis, int baseline, int growth) {

  /** Days from which on values of the same hour are enough: below, no z reaches 5 by them alone. */
  private static final int SEASONAL_BLOCKS = 6;

  /** How far above the lowest bucket noise alone lifts one, in deviations: 3 sigma. */
  private static final double NOISE_BAND = 3;

  /** The trend of the closed buckets, null when nothing about them is suspicious. */
  static @Nullable Trend of(BucketRing ring, GrowthSettings settings) {
    if (ring.size() < settings.minimumBuckets()) {
      return null;
    }
    int[] minima = ring.minima();
    double floor = (double) settings.suspectFloorBytes() / CallerHistory.UNIT_BYTES;
    if (range(minima) < floor) {
      return null;
    }
    int third = minima.length / 3;
    Part first = Part.of(minima, 0, third);
    Part middle = Part.of(minima, third, minima.length - third);
    Part last = Part.of(minima, minima.length - third, minima.length);
    double growth = last.units - first.units;
    double enough = Math.max(floor, settings.minimumShare() * last.units);
    // A part without a single window has a median of NaN, which passes neither comparison.
    boolean unbent = middle.slopeTo(last) >= settings.shapeRatio() * first.slopeTo(middle);
    if (!(growth >= enough) || !unbent) {
      return null;
    }
    double[] blocks = blocks(minima, settings.blockBuckets());
    // With the oldest or newest block not seen it is NaN, and passes no comparison.
    HockeyStick stick = HockeyStick.fit(blocks);
    if (stick == null
        || stick.straightness() < settings.suspectStraightness()
        || stick.rise() < enough
        || largestStep(blocks) >= settings.stepShare() * Math.max(growth, stick.rise())) {
      return null;
    }
    boolean seasonal = blocks.length >= SEASONAL_BLOCKS;
    double z = SeasonalKendall.of(minima, seasonal ? settings.seasons() : 1).z();
    if (z < settings.minimumZ()) {
      return null;
    }
    long bucketMillis = settings.bucket().toMillis();
    return new Trend(
        (float) z,
        (float) Math.min(stick.straightness(), Float.MAX_VALUE),
        (float) (stick.slope() / settings.blockBuckets()),
        ring.firstMillis(bucketMillis) + lastLow(minima) * bucketMillis,
        (int) first.units,
        (int) growth);
  }

  /** By how much the last third lies above the first, 0 where that cannot be seen. */
  static int risen(int[] minima) {
    int third = minima.length / 3;
    double first = Part.of(minima, 0, third).units;
    double last = Part.of(minima, minima.length - third, minima.length).units;
    return (int) (last - first); // NaN is 0
  }

  /** The same trend with the beginning that was found first. */
  Trend since(long firstFoundMillis) {
    return new Trend(z, straightness, unitsPerBucket, firstFoundMillis, baseline, growth);
  }

  /** Whether it is straight and large enough to be a leak, once it has lasted. */
  boolean passes(GrowthSettings settings) {
    return straightness >= settings.straightness()
        && (long) growth * CallerHistory.UNIT_BYTES >= settings.floorBytes();
  }

  /**
   * Whether a value has kept more than half of the growth: below that the bytes were given back.
   */
  boolean holdsAt(int units) {
    return 2L * ((long) units - baseline) > growth;
  }

  private static int range(int[] minima) {
    int lowest = Integer.MAX_VALUE;
    int highest = 0;
    for (int units : minima) {
      if (units != BucketRing.MISSING) {
        lowest = Math.min(lowest, units);
        highest = Math.max(highest, units);
      }
    }
    return highest - lowest;
  }

  /**
   * Medians of whole blocks, counted from the newest bucket back. A block hardly seen lies on the
   * line between its neighbours: a host that was away has not grown in a step.
   */
  private static double[] blocks(int[] minima, int blockBuckets) {
    double[] medians = new double[minima.length / blockBuckets];
    int oldest = minima.length - medians.length * blockBuckets;
    int seen = 0;
    for (int block = 0; block < medians.length; block++) {
      int from = oldest + block * blockBuckets;
      Part part = Part.of(minima, from, from + blockBuckets);
      medians[block] = 2 * part.seen >= blockBuckets ? part.units : Double.NaN;
      if (Double.isNaN(medians[block])) {
        continue;
      }
      for (int gap = seen + 1; seen > 0 && gap < block + 1; gap++) {
        double share = (double) (gap - seen) / (block + 1 - seen);
        medians[gap - 1] = medians[seen - 1] + share * (medians[block] - medians[seen - 1]);
      }
      seen = block + 1;
    }
    return medians;
  }

  private static double largestStep(double[] blocks) {
    double largest = 0;
    for (int i = 1; i < blocks.length; i++) {
      largest = Math.max(largest, blocks[i] - blocks[i - 1]);
    }
    return largest;
  }

  /**
   * Index of the last bucket that noise alone explains: at most three deviations above the lowest.
   * The deviation is that of the increments, which a steady rise shifts but does not widen, over
   * the square root of two.
   */
  private static int lastLow(int[] minima) {
    int[] positions =
        IntStream.range(0, minima.length).filter(i -> minima[i] != BucketRing.MISSING).toArray();
    int[] values = IntStream.of(positions).map(i -> minima[i]).toArray();
    int[] increments =
        IntStream.range(1, values.length).map(i -> values[i] - values[i - 1]).toArray();
    double band =
        Arrays.stream(values).min().orElseThrow()
            + NOISE_BAND * RobustStatistics.sigma(increments) / Math.sqrt(2);
    int last = values.length - 1;
    while (values[last] > band) {
      last--;
    }
    return positions[last];
  }

  /** Median value and median position of the buckets seen in a part of the ring. */
  private record Part(double units, double position, int seen) {

    static Part of(int[] minima, int from, int to) {
      int[] values = new int[to - from];
      int[] positions = new int[to - from];
      int seen = 0;
      for (int i = from; i < to; i++) {
        if (minima[i] != BucketRing.MISSING) {
          values[seen] = minima[i];
          positions[seen++] = i;
        }
      }
      return new Part(
          RobustStatistics.median(Arrays.copyOf(values, seen)),
          RobustStatistics.median(Arrays.copyOf(positions, seen)),
          seen);
    }

    double slopeTo(Part later) {
      return (later.units - units) / (later.position - position);
    }
  }
}

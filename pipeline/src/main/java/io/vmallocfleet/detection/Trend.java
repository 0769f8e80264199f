/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.Arrays;
import java.util.stream.IntStream;
import javax.annotation.Nullable;

/**
 * A confirmed trend over bucket minima, in units of {@link CallerHistory#UNIT_BYTES}.
 *
 * <p>Four questions, the cheap ones first, so that a quiet or small caller costs one pass over its
 * ring: did it grow by enough bytes between the first and the last third; is it still growing about
 * as fast as before (a filling cache is not); is it more than one step; and do its pairs rise far
 * more often than they fall.
 *
 * @param z Mann-Kendall's
 * @param unitsPerBucket Theil-Sen slope
 * @param sinceMillis start of the bucket after which the rise began
 * @param baseline median of the first third
 * @param growth from there to the median of the last third
 */
public record Trend(double z, double unitsPerBucket, long sinceMillis, int baseline, int growth) {

  /** Marks a bucket in which no window was seen. */
  static final int MISSING = -1;

  /** How far above the lowest bucket noise alone lifts one, in deviations: 3 sigma. */
  private static final double NOISE_BAND = 3;

  /**
   * The trend of the buckets, null when there is none.
   *
   * @param minima oldest first, {@link #MISSING} where nothing was seen
   * @param firstMillis start of the oldest bucket
   */
  static @Nullable Trend of(int[] minima, long firstMillis, GrowthSettings settings) {
    if (minima.length < settings.minimumBuckets() || range(minima) < floorUnits(settings)) {
      return null;
    }
    int third = minima.length / 3;
    Part first = Part.of(minima, 0, third);
    Part middle = Part.of(minima, third, minima.length - third);
    Part last = Part.of(minima, minima.length - third, minima.length);
    double growth = last.units - first.units;
    // A part without a single window has a median of NaN, which passes neither comparison.
    boolean grew = growth >= Math.max(floorUnits(settings), settings.minimumShare() * last.units);
    boolean unbent = middle.slopeTo(last) >= settings.shapeRatio() * first.slopeTo(middle);
    if (!grew || !unbent) {
      return null;
    }
    int[] positions = IntStream.range(0, minima.length).filter(i -> minima[i] != MISSING).toArray();
    int[] values = IntStream.of(positions).map(i -> minima[i]).toArray();
    if (values.length < settings.minimumBuckets()
        || largestStep(values) >= settings.stepShare() * growth) {
      return null;
    }
    double z = MannKendall.of(values).z();
    if (z < settings.minimumZ()) {
      return null;
    }
    return new Trend(
        z,
        RobustStatistics.theilSenSlope(values, positions),
        firstMillis + positions[lastLow(values)] * settings.bucket().toMillis(),
        (int) first.units,
        (int) growth);
  }

  /** The same trend with the beginning that was found first. */
  Trend since(long firstFoundMillis) {
    return new Trend(z, unitsPerBucket, firstFoundMillis, baseline, growth);
  }

  /**
   * Whether a value has kept more than half of the growth: below that the bytes were given back.
   */
  boolean holdsAt(int units) {
    return 2L * ((long) units - baseline) > growth;
  }

  private static double floorUnits(GrowthSettings settings) {
    return (double) settings.floorBytes() / CallerHistory.UNIT_BYTES;
  }

  private static int range(int[] minima) {
    int lowest = Integer.MAX_VALUE;
    int highest = 0;
    for (int units : minima) {
      if (units != MISSING) {
        lowest = Math.min(lowest, units);
        highest = Math.max(highest, units);
      }
    }
    return highest - lowest;
  }

  /** Largest rise between neighbours, each the median of three, so one stray bucket is no step. */
  private static double largestStep(int[] values) {
    double largest = 0;
    for (int i = 3; i + 3 <= values.length; i++) {
      double before = RobustStatistics.median(values[i - 3], values[i - 2], values[i - 1]);
      double after = RobustStatistics.median(values[i], values[i + 1], values[i + 2]);
      largest = Math.max(largest, after - before);
    }
    return largest;
  }

  /**
   * Index of the last value that noise alone explains: at most three deviations above the lowest.
   * The deviation is that of the increments, which a steady rise shifts but does not widen, over
   * the square root of two.
   */
  private static int lastLow(int[] values) {
    int[] increments =
        IntStream.range(1, values.length).map(i -> values[i] - values[i - 1]).toArray();
    double band =
        Arrays.stream(values).min().orElseThrow()
            + NOISE_BAND * RobustStatistics.sigma(increments) / Math.sqrt(2);
    int last = values.length - 1;
    while (values[last] > band) {
      last--;
    }
    return last;
  }

  /** Median value and median position of the buckets seen in a part of the ring. */
  private record Part(double units, double position) {

    static Part of(int[] minima, int from, int to) {
      int[] values = new int[to - from];
      int[] positions = new int[to - from];
      int seen = 0;
      for (int i = from; i < to; i++) {
        if (minima[i] != MISSING) {
          values[seen] = minima[i];
          positions[seen++] = i;
        }
      }
      return new Part(
          RobustStatistics.median(Arrays.copyOf(values, seen)),
          RobustStatistics.median(Arrays.copyOf(positions, seen)));
    }

    double slopeTo(Part later) {
      return (later.units - units) / (later.position - position);
    }
  }
}

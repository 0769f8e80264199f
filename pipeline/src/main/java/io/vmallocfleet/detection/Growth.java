/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.annotation.Nullable;

/**
 * The bucket minima of one caller on one host, and whether they keep growing. Immutable; the array
 * is shared between one state and the next and is never written. Values are counts of {@link
 * CallerHistory#UNIT_BYTES}.
 *
 * <p>Minima, because churn, bursts and the daily wave raise a bucket's other values but seldom its
 * lowest. Only whole buckets enter: windows before the first bucket boundary are passed over, so
 * are windows older than the bucket in progress. A bucket without a window is marked, not filled.
 *
 * <p>The trend is judged when a bucket closes and stands until the next one does, or until the
 * bytes are given back. Seasonal Kendall (the same hour of each day) is {@link MannKendall} summed
 * over the positions of one hour; buckets are aligned to the epoch so that hours line up. A ring is
 * of one bucket length: under another, histories start again.
 *
 * @param minima closed buckets, oldest first, -1 where nothing was seen
 * @param bucketStartMillis start of the bucket in progress, {@link Long#MIN_VALUE} before any
 * @param currentMinimum lowest value in the bucket in progress, -1 before its first window
 * @param trend what the last closed bucket confirmed, null when nothing
 */
public record Growth(
    int[] minima, long bucketStartMillis, int currentMinimum, @Nullable Trend trend) {

  static Growth unknown() {
    return new Growth(new int[0], Long.MIN_VALUE, Trend.MISSING, null);
  }

  Growth observe(long windowStartMillis, int units, GrowthSettings settings) {
    long bucketMillis = settings.bucket().toMillis();
    long floor = Math.floorDiv(windowStartMillis, bucketMillis) * bucketMillis;
    if (bucketStartMillis == Long.MIN_VALUE) {
      boolean whole = windowStartMillis == floor;
      return whole
          ? new Growth(minima, floor, units, null)
          : new Growth(minima, floor + bucketMillis, Trend.MISSING, null);
    }
    if (floor < bucketStartMillis) {
      return this;
    }
    if (floor == bucketStartMillis) {
      boolean lower = currentMinimum == Trend.MISSING || units < currentMinimum;
      return lower ? new Growth(minima, floor, units, trend) : this;
    }
    int[] closed = closed((floor - bucketStartMillis) / bucketMillis, settings.buckets());
    Trend found = Trend.of(closed, floor - closed.length * bucketMillis, settings);
    boolean known = found != null && trend != null;
    return new Growth(closed, floor, units, known ? found.since(trend.sinceMillis()) : found);
  }

  /** The leak that the buckets show and the last window does not contradict. */
  Optional<Detection.Leak> found(int units, GrowthSettings settings) {
    if (trend == null || !trend.holdsAt(units)) {
      return Optional.empty();
    }
    double bucketsPerHour = 3_600_000.0 / settings.bucket().toMillis();
    return Optional.of(
        new Detection.Leak(
            trend.sinceMillis(),
            CallerHistory.bytes(trend.baseline()),
            CallerHistory.bytes(trend.growth()),
            trend.unitsPerBucket() * CallerHistory.UNIT_BYTES * bucketsPerHour,
            trend.z(),
            series()));
  }

  boolean holdsNothing() {
    return currentMinimum <= 0 && Arrays.stream(minima).allMatch(units -> units <= 0);
  }

  /**
   * The ring after the bucket in progress has closed, and after it as many as were never seen.
   *
   * @param passed buckets from the one in progress to the new one, from 1
   */
  private int[] closed(long passed, int capacity) {
    int added = (int) Math.min(passed, capacity);
    int kept = Math.min(minima.length, capacity - added);
    int[] next = new int[kept + added];
    System.arraycopy(minima, minima.length - kept, next, 0, kept);
    Arrays.fill(next, kept, next.length, Trend.MISSING);
    if (passed <= capacity) {
      next[kept] = currentMinimum;
    }
    int seen = 0;
    while (seen < next.length && next[seen] == Trend.MISSING) {
      seen++;
    }
    return seen == 0 ? next : Arrays.copyOfRange(next, seen, next.length);
  }

  private List<Long> series() {
    List<Long> series = new ArrayList<>(minima.length);
    for (int units : minima) {
      boolean missing = units == Trend.MISSING;
      series.add(
          missing ? series.get(series.size() - 1) : Long.valueOf(CallerHistory.bytes(units)));
    }
    return series;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.annotation.Nullable;

/**
 * Whether one caller on one host has grown for days: its bucket minima, and what the last closed
 * bucket showed. Immutable.
 *
 * <p>The trend is judged when a bucket closes and stands until the next one does, or until the
 * bytes are given back. A ring is of one bucket length: under another, histories start again.
 *
 * @param trend what the last closed bucket showed, null when nothing suspicious
 * @param lasted buckets in a row in which it was straight and large enough for a leak
 */
public record Growth(BucketRing ring, @Nullable Trend trend, int lasted) {

  static Growth unknown() {
    return new Growth(BucketRing.empty(), null, 0);
  }

  static Growth absentSince(long sinceMillis, long windowStartMillis, GrowthSettings settings) {
    return new Growth(
        BucketRing.ofZeros(
            sinceMillis, windowStartMillis, settings.bucket().toMillis(), settings.buckets()),
        null,
        0);
  }

  Growth observe(long windowStartMillis, int units, GrowthSettings settings) {
    BucketRing next =
        ring.observe(windowStartMillis, units, settings.bucket().toMillis(), settings.buckets());
    if (next == ring) {
      return this;
    }
    if (!next.hasClosedSince(ring)) {
      return new Growth(next, trend, lasted);
    }
    Trend found = Trend.of(next, settings);
    if (found == null) {
      return new Growth(next, null, 0);
    }
    boolean known = trend != null;
    return new Growth(
        next,
        known ? found.since(trend.sinceMillis()) : found,
        found.passes(settings) ? lasted + 1 : 0);
  }

  /** The leak that the buckets show and the last window does not contradict. */
  Optional<Detection.Leak> found(int units, GrowthSettings settings) {
    if (lasted < settings.persistence() || !trend.holdsAt(units)) {
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
            settings.bucket().toMillis(),
            series(ring)));
  }

  /** By how much the last third of the buckets lies above the first, medians. */
  public long risenBytes() {
    return CallerHistory.bytes(Trend.risen(ring.minima()));
  }

  boolean holdsNothing() {
    return ring.holdsNothing();
  }

  /** Closed buckets in bytes; one without a window repeats the one before. */
  static List<Long> series(BucketRing ring) {
    int[] minima = ring.minima();
    List<Long> series = new ArrayList<>(minima.length);
    for (int units : minima) {
      boolean missing = units == BucketRing.MISSING;
      series.add(
          missing ? series.get(series.size() - 1) : Long.valueOf(CallerHistory.bytes(units)));
    }
    return series;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.Arrays;
import java.util.Optional;

/**
 * Whether one caller on one host has grown fast within the last hours. Immutable.
 *
 * <p>What a day does every day is no surge: a rise counts once it is above everything that has left
 * the ring, by the whole floor. As long as nothing has left it, the host is too new to tell its
 * mornings from a leak, and it is not {@link #isSeasoned}.
 *
 * @param peak highest bucket that has left the ring, slowly forgotten; {@link BucketRing#MISSING}
 *     before the first
 * @param sinceMillis when the surge under way began, {@link Long#MIN_VALUE} when there is none
 * @param baseline level it began from
 * @param rise from there to the end of its line
 * @param unitsPerBucket slope of the line
 * @param firstUnitsPerBucket slope when it was first seen
 * @param straightness of the {@link HockeyStick}
 * @param still buckets since it rose last
 */
public record Surge(
    BucketRing ring,
    float peak,
    long sinceMillis,
    int baseline,
    int rise,
    float unitsPerBucket,
    float firstUnitsPerBucket,
    float straightness,
    int still) {

  /** A peak of 16 MiB says next to nothing about rises of 64. */
  private static final int FORGETTABLE = 4096;

  private static final long NONE = Long.MIN_VALUE;

  static Surge unknown() {
    return quiet(BucketRing.empty(), BucketRing.MISSING);
  }

  static Surge absentSince(long sinceMillis, long windowStartMillis, SurgeSettings settings) {
    BucketRing zeros =
        BucketRing.ofZeros(
            sinceMillis, windowStartMillis, settings.bucket().toMillis(), settings.buckets());
    boolean seasoned = zeros.size() == settings.buckets();
    return quiet(zeros, seasoned ? 0 : BucketRing.MISSING);
  }

  private static Surge quiet(BucketRing ring, float peak) {
    return new Surge(ring, peak, NONE, 0, 0, 0, 0, 0, 0);
  }

  Surge observe(long windowStartMillis, int units, SurgeSettings settings) {
    BucketRing next =
        ring.observe(windowStartMillis, units, settings.bucket().toMillis(), settings.buckets());
    if (next == ring) {
      return this;
    }
    if (!next.hasClosedSince(ring)) {
      return with(next, peak, still);
    }
    float highest = highest(settings);
    if (isUnderWay() && 2L * (units - baseline) <= rise) {
      return quiet(next, highest);
    }
    Surge found = judged(next, highest, settings);
    if (found.isUnderWay()) {
      return isUnderWay() ? found.since(this) : found;
    }
    if (isUnderWay() && still + 1 < settings.patience()) {
      return with(next, highest, still + 1);
    }
    return found;
  }

  /** The surge that the buckets show and the last window does not contradict. */
  Optional<Detection.Leak> found(int units, SurgeSettings settings) {
    if (!isUnderWay() || 2L * (units - baseline) <= rise) {
      return Optional.empty();
    }
    double bucketsPerHour = 3_600_000.0 / settings.bucket().toMillis();
    return Optional.of(
        new Detection.Leak(
            sinceMillis,
            CallerHistory.bytes(baseline),
            CallerHistory.bytes(rise),
            unitsPerBucket * CallerHistory.UNIT_BYTES * bucketsPerHour,
            straightness,
            settings.bucket().toMillis(),
            Growth.series(ring)));
  }

  boolean isUnderWay() {
    return sinceMillis != NONE;
  }

  /** Whether the ring is full and more: its rises can be held against days before. */
  public boolean isSeasoned() {
    return peak != BucketRing.MISSING;
  }

  boolean holdsNothing() {
    return ring.holdsNothing() && peak < FORGETTABLE;
  }

  /**
   * Whether it has lasted for as long as a cache takes to show that it fills, and has not slowed:
   * what approaches a level by {@code 1 - exp(-t/T)} is down to {@code exp(-t/T)} of its first
   * slope.
   */
  public boolean keepsItsPace(SurgeSettings settings) {
    long lasted = ring.bucketStartMillis() - sinceMillis;
    return isUnderWay()
        && lasted >= settings.proof() * settings.bucket().toMillis()
        && unitsPerBucket >= settings.bendRatio() * firstUnitsPerBucket;
  }

  private Surge with(BucketRing next, float highest, int newStill) {
    return new Surge(
        next,
        highest,
        sinceMillis,
        baseline,
        rise,
        unitsPerBucket,
        firstUnitsPerBucket,
        straightness,
        newStill);
  }

  /** The same one, begun before. */
  private Surge since(Surge first) {
    return new Surge(
        ring,
        peak,
        first.sinceMillis,
        first.baseline,
        rise + baseline - first.baseline,
        unitsPerBucket,
        first.firstUnitsPerBucket,
        straightness,
        0);
  }

  /** The peak once the oldest bucket of a full ring has left it. */
  private float highest(SurgeSettings settings) {
    if (ring.size() < settings.buckets()) {
      return peak;
    }
    int leaving = PackedUnits.unpack(ring.packed()[0]);
    float faded = peak - (peak - Math.min(peak, leaving)) * (float) Math.log(2) / settings.memory();
    return Math.max(faded, leaving);
  }

  private static Surge judged(BucketRing ring, float highest, SurgeSettings settings) {
    int[] minima = ring.minima();
    double floor = (double) settings.floorBytes() / CallerHistory.UNIT_BYTES;
    if (minima.length <= settings.rising()) {
      return quiet(ring, highest);
    }
    int last = minima[minima.length - 1];
    if (last - lowest(minima) < floor || last - highest < floor) {
      return quiet(ring, highest);
    }
    double[] seen =
        Arrays.stream(minima).filter(u -> u != BucketRing.MISSING).asDoubleStream().toArray();
    if (seen.length < minima.length) {
      return quiet(ring, highest); // a gap says nothing about how fast it rose
    }
    HockeyStick stick = HockeyStick.fit(seen);
    double level = last - stick.rise();
    int rising = minima.length - 1 - stick.knee();
    if (rising < settings.rising()
        || stick.rise() < Math.max(floor, settings.minimumShare() * level)
        || stick.straightness() < settings.straightness()
        || bends(seen, stick.knee(), settings)) {
      return quiet(ring, highest);
    }
    long bucketMillis = settings.bucket().toMillis();
    return new Surge(
        ring,
        highest,
        ring.firstMillis(bucketMillis) + stick.knee() * bucketMillis,
        (int) Math.max(0, level),
        (int) stick.rise(),
        (float) stick.slope(),
        (float) stick.slope(),
        (float) Math.min(stick.straightness(), Float.MAX_VALUE),
        0);
  }

  private static boolean bends(double[] values, int knee, SurgeSettings settings) {
    int half = (values.length - 1 - knee) / 2;
    double early = values[knee + half] - values[knee];
    double late = values[values.length - 1] - values[values.length - 1 - half];
    return late < settings.bendRatio() * early;
  }

  private static int lowest(int[] minima) {
    int lowest = Integer.MAX_VALUE;
    for (int units : minima) {
      lowest = units == BucketRing.MISSING ? lowest : Math.min(lowest, units);
    }
    return lowest;
  }
}

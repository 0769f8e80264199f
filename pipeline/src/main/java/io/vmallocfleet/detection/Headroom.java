/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.Arrays;

/**
 * How close what a host uses of a limit has come to it, and when it will be there. Immutable, some
 * 90 bytes.
 *
 * @param ring lowest use a bucket, in {@link CallerHistory#UNIT_BYTES}
 * @param low whether little is left
 * @param sinceMillis since when; 0 while it is not
 */
public record Headroom(BucketRing ring, boolean low, long sinceMillis) {

  public static Headroom unknown() {
    return new Headroom(BucketRing.empty(), false, 0);
  }

  /**
   * @param usedBytes from 0
   * @param limitBytes from 1
   */
  public Headroom observe(
      long windowStartMillis, long usedBytes, long limitBytes, HeadroomSettings settings) {
    int units = (int) Math.min(usedBytes / CallerHistory.UNIT_BYTES, Integer.MAX_VALUE);
    BucketRing next =
        ring.observe(windowStartMillis, units, settings.bucket().toMillis(), settings.buckets());
    double share = (double) usedBytes / limitBytes;
    boolean close =
        share >= (low ? settings.low() : settings.high())
            || isNear(next, usedBytes, limitBytes, settings);
    long since = close && !low ? windowStartMillis : close ? sinceMillis : 0;
    return new Headroom(next, close, since);
  }

  /**
   * Milliseconds until the limit is reached at the rate of the last hours, {@link Long#MAX_VALUE}
   * when it does not rise.
   */
  public long millisLeft(long usedBytes, long limitBytes, HeadroomSettings settings) {
    return millisLeft(ring, usedBytes, limitBytes, settings);
  }

  private static boolean isNear(
      BucketRing ring, long usedBytes, long limitBytes, HeadroomSettings settings) {
    return usedBytes >= settings.risingFrom() * limitBytes
        && millisLeft(ring, usedBytes, limitBytes, settings) <= settings.ticketWithin().toMillis();
  }

  private static long millisLeft(
      BucketRing ring, long usedBytes, long limitBytes, HeadroomSettings settings) {
    int[] minima = ring.minima();
    if (minima.length < settings.buckets() / 4
        || Arrays.stream(minima).anyMatch(m -> m == BucketRing.MISSING)) {
      return Long.MAX_VALUE;
    }
    int[] positions = new int[minima.length];
    Arrays.setAll(positions, i -> i);
    double slope = RobustStatistics.theilSenSlope(minima, positions) * CallerHistory.UNIT_BYTES;
    if (slope <= 0) {
      return Long.MAX_VALUE;
    }
    double buckets = Math.max(0, limitBytes - usedBytes) / slope;
    return (long) Math.min(buckets * settings.bucket().toMillis(), Long.MAX_VALUE);
  }
}

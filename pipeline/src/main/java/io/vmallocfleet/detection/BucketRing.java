/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.Arrays;

/**
 * The lowest value of each of the last buckets of one caller on one host. Immutable; the array is
 * shared between one state and the next and is never written.
 *
 * <p>Minima, because churn, bursts and the daily wave raise a bucket's other values but seldom its
 * lowest. Only whole buckets enter: windows before the first bucket boundary are passed over, so
 * are windows older than the bucket in progress. A bucket without a window is marked, not filled.
 * Buckets are aligned to the epoch, so that hours line up from day to day.
 *
 * <p>Values are counts of {@link CallerHistory#UNIT_BYTES} in 16 bits, see {@link PackedUnits}: two
 * bytes a bucket.
 *
 * @param packed closed buckets, oldest first
 * @param bucketStartMillis start of the bucket in progress, {@link Long#MIN_VALUE} before any
 * @param currentMinimum lowest value in the bucket in progress, {@link #MISSING} before its first
 *     window
 */
public record BucketRing(short[] packed, long bucketStartMillis, int currentMinimum) {

  /** Marks a bucket in which no window was seen. */
  static final int MISSING = -1;

  static BucketRing empty() {
    return new BucketRing(new short[0], Long.MIN_VALUE, MISSING);
  }

  /** A ring at zero in all whole buckets since a moment, and in the one of the window. */
  static BucketRing ofZeros(
      long sinceMillis, long windowStartMillis, long bucketMillis, int capacity) {
    long current = floor(windowStartMillis, bucketMillis);
    long first = floor(sinceMillis + bucketMillis - 1, bucketMillis);
    int buckets = (int) Math.max(0, Math.min((current - first) / bucketMillis, capacity));
    return new BucketRing(new short[buckets], current, windowStartMillis == current ? MISSING : 0);
  }

  /** The ring after the next window; the same object when the window changes nothing. */
  BucketRing observe(long windowStartMillis, int units, long bucketMillis, int capacity) {
    long floor = floor(windowStartMillis, bucketMillis);
    if (floor == bucketStartMillis) {
      boolean lower = currentMinimum == MISSING || units < currentMinimum;
      return lower ? new BucketRing(packed, floor, units) : this;
    }
    if (bucketStartMillis == Long.MIN_VALUE) {
      boolean whole = windowStartMillis == floor;
      return whole
          ? new BucketRing(packed, floor, units)
          : new BucketRing(packed, floor + bucketMillis, MISSING);
    }
    return floor < bucketStartMillis
        ? this
        : new BucketRing(
            closed((floor - bucketStartMillis) / bucketMillis, capacity), floor, units);
  }

  /** Whether a bucket was closed between the ring before and this one. */
  boolean hasClosedSince(BucketRing before) {
    return packed != before.packed;
  }

  /** Closed buckets. */
  int size() {
    return packed.length;
  }

  /** The closed buckets, oldest first, {@link #MISSING} where nothing was seen. */
  int[] minima() {
    int[] minima = new int[packed.length];
    for (int i = 0; i < minima.length; i++) {
      minima[i] = PackedUnits.unpack(packed[i]);
    }
    return minima;
  }

  /** Start of the oldest closed bucket. */
  long firstMillis(long bucketMillis) {
    return bucketStartMillis - packed.length * bucketMillis;
  }

  boolean holdsNothing() {
    for (short value : packed) {
      if (value != 0 && value != PackedUnits.MISSING) {
        return false;
      }
    }
    return currentMinimum <= 0;
  }

  private static long floor(long millis, long bucketMillis) {
    return Math.floorDiv(millis, bucketMillis) * bucketMillis;
  }

  /**
   * The ring after the bucket in progress has closed, and after it as many as were never seen.
   *
   * @param passed buckets from the one in progress to the new one, from 1
   */
  private short[] closed(long passed, int capacity) {
    int added = (int) Math.min(passed, capacity);
    int kept = Math.min(packed.length, capacity - added);
    short[] next = new short[kept + added];
    System.arraycopy(packed, packed.length - kept, next, 0, kept);
    Arrays.fill(next, kept, next.length, PackedUnits.MISSING);
    if (passed <= capacity) {
      next[kept] = PackedUnits.pack(currentMinimum);
    }
    int seen = 0;
    while (seen < next.length && next[seen] == PackedUnits.MISSING) {
      seen++;
    }
    return seen == 0 ? next : Arrays.copyOfRange(next, seen, next.length);
  }
}

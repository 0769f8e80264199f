/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.time.Duration;

/**
 * How loud a leak on one host may be: listed below its share of memory, a ticket by itself, a page
 * only when memory would run out before people are at work again.
 *
 * @param silent whether nobody is told
 * @param small whether it is too small a share of memory for anything but a list
 * @param pages whether it may wake someone
 * @param confidence 0 to 1
 * @param exhaustedInMillis until memory runs out at that rate; {@link Long#MAX_VALUE} when it is
 *     not in sight
 */
public record LeakLoudness(
    boolean silent, boolean small, boolean pages, double confidence, long exhaustedInMillis) {

  /** Growth below this share of memory is nothing to act on today. */
  static final double MEMORY_SHARE = 0.005;

  /** A slow leak pages when memory lasts no longer than a weekend. */
  static final Duration SLOW_PAGE = Duration.ofHours(72);

  /** A fast one, known for a few hours only, when it lasts no longer than a night. */
  static final Duration FAST_PAGE = Duration.ofHours(12);

  /** Beyond this a projection is no more than a guess. */
  private static final Duration SIGHT = Duration.ofDays(90);

  /** A rise to three times the level is no day's wave. */
  private static final long TOWERING = 2;

  private static final double SLOW_CONFIDENCE = 0.9;
  private static final double FAST_CONFIDENCE = 0.7;

  /**
   * @param memoryBytes memory of the host, -1 when unknown
   * @param usedBytes of it held by all callers together
   */
  public static LeakLoudness ofSlow(Detection.Leak leak, long memoryBytes, long usedBytes) {
    long left = millisLeft(leak, memoryBytes, usedBytes);
    boolean small = leak.growthBytes() < MEMORY_SHARE * memoryBytes;
    boolean pages = left <= SLOW_PAGE.toMillis();
    return new LeakLoudness(false, small && !pages, pages, SLOW_CONFIDENCE, left);
  }

  /**
   * @param warm whether the host has been up for a day, or nobody knows
   * @param seasoned whether the rise could be held against the hours before it; without, only one
   *     that pages or towers over what was there is told
   * @param noCache whether it is known to be no cache that fills, by what the caller is for or by
   *     how long the rise has kept its pace; otherwise only one that pages is told
   */
  public static LeakLoudness ofFast(
      Detection.Leak leak,
      boolean warm,
      boolean seasoned,
      boolean noCache,
      long memoryBytes,
      long usedBytes) {
    long left = millisLeft(leak, memoryBytes, usedBytes);
    boolean credible = seasoned || leak.growthBytes() >= TOWERING * leak.baselineBytes();
    boolean silent = !warm || !credible || !noCache;
    boolean small = leak.growthBytes() < MEMORY_SHARE * memoryBytes;
    boolean pages = left <= FAST_PAGE.toMillis();
    return new LeakLoudness(silent && !pages, small && !pages, pages, FAST_CONFIDENCE, left);
  }

  public boolean isExhaustionInSight() {
    return exhaustedInMillis != Long.MAX_VALUE;
  }

  private static long millisLeft(Detection.Leak leak, long memoryBytes, long usedBytes) {
    if (memoryBytes <= 0 || leak.bytesPerHour() <= 0) {
      return Long.MAX_VALUE;
    }
    double hours = Math.max(0, memoryBytes - usedBytes) / leak.bytesPerHour();
    return hours > SIGHT.toHours() ? Long.MAX_VALUE : (long) (hours * 3_600_000);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import javax.annotation.Nullable;

/**
 * What is remembered of one caller on one host in one boot, within {@link
 * DetectionSettings#STATE_BYTES}. Immutable, no clock: the same windows give the same detections.
 * Whoever keeps histories drops them at a new boot id; a reboot frees everything.
 *
 * <p>Memory comes in base pages of 4 KiB and more, so values are kept as counts of 4 KiB in an int:
 * exact for pages, saturated at 8 TiB, and half of the state.
 *
 * @param leaking whether the last window showed a leak
 */
public record CallerHistory(Growth growth, Surge surge, boolean leaking) {

  /** Bytes in one unit of the values kept: the smallest base page. */
  static final int UNIT_BYTES = 4096;

  /** What is known of a caller before its first window on a host that is new itself. */
  public static CallerHistory unknown() {
    return new CallerHistory(Growth.unknown(), Surge.unknown(), false);
  }

  /**
   * What is known of a caller that turns up on a host already watched: it held next to nothing in
   * all that time, so growing from then on is a leak.
   *
   * @param sinceMillis since when the host is watched in this boot
   * @param windowStartMillis start of the window in which the caller turns up
   */
  public static CallerHistory absentSince(
      long sinceMillis, long windowStartMillis, DetectionSettings settings) {
    return new CallerHistory(
        Growth.absentSince(sinceMillis, windowStartMillis, settings.growth()),
        Surge.absentSince(sinceMillis, windowStartMillis, settings.surge()),
        false);
  }

  /**
   * Takes the next window. A window in which the host was seen and the caller was not is a window
   * of 0 bytes; one in which the host was not seen is left out.
   *
   * @param windowStartMillis start of the window, above that of the one before
   * @param bytes memory the caller held, from 0
   * @throws IllegalArgumentException if bytes is negative
   */
  public Observation observe(long windowStartMillis, long bytes, DetectionSettings settings) {
    if (bytes < 0) {
      throw new IllegalArgumentException("caller holds " + bytes + " bytes: expected at least 0");
    }
    int units = (int) Math.min(bytes / UNIT_BYTES, Integer.MAX_VALUE);
    Growth nextGrowth = growth.observe(windowStartMillis, units, settings.growth());
    Surge nextSurge = surge.observe(windowStartMillis, units, settings.surge());
    Detection.Leak slow = nextGrowth.found(units, settings.growth()).orElse(null);
    Detection.Leak fast = nextSurge.found(units, settings.surge()).orElse(null);
    return new Observation(
        new CallerHistory(nextGrowth, nextSurge, slow != null || fast != null),
        slow,
        fast,
        nextGrowth.ring().hasClosedSince(growth.ring()));
  }

  /** Whether nothing is remembered but windows of 0 bytes, so that the history can be dropped. */
  public boolean holdsNothing() {
    return growth.holdsNothing() && surge.holdsNothing();
  }

  static long bytes(double units) {
    return (long) (units * UNIT_BYTES);
  }

  /**
   * The history after a window, and what it shows there.
   *
   * @param growth leak of days, null without one
   * @param surge leak of hours, null without one
   * @param bucketClosed whether the window closed a bucket of the slow test
   */
  public record Observation(
      CallerHistory next,
      @Nullable Detection.Leak growth,
      @Nullable Detection.Leak surge,
      boolean bucketClosed) {}
}

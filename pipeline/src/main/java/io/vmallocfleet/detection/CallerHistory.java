/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is remembered of one caller on one host in one boot, within {@link
 * DetectionSettings#STATE_BYTES}. Immutable, no clock: the same windows give the same detections.
 * Whoever keeps histories drops them at a new boot id; a reboot frees everything.
 *
 * <p>Memory comes in base pages of 4 KiB and more, so values are kept as counts of 4 KiB in an int:
 * exact for pages, saturated at 8 TiB, and half of the state.
 */
public record CallerHistory(StepJump jump, Growth growth) {

  /** Bytes in one unit of the values kept: the smallest base page. */
  static final int UNIT_BYTES = 4096;

  /** What is known of a caller before its first window on a host that is new itself. */
  public static CallerHistory unknown() {
    return new CallerHistory(StepJump.unknown(), Growth.unknown());
  }

  /**
   * What is known of a caller that turns up on a host already watched: it held nothing in all those
   * windows, so turning up large is a jump. Its growth starts with its first bucket.
   *
   * @param windows windows seen of the host in this boot, from 0
   */
  public static CallerHistory absentFor(int windows, DetectionSettings settings) {
    int zeros = Math.min(windows, settings.jump().windows());
    return new CallerHistory(StepJump.settledAtZero(zeros), Growth.unknown());
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
    CallerHistory next =
        new CallerHistory(
            jump.observe(windowStartMillis, units, settings.jump()),
            growth.observe(windowStartMillis, units, settings.growth()));
    Optional<Detection.Jump> step = next.jump.found(settings.jump());
    Optional<Detection.Leak> leak = next.growth.found(units, settings.growth());
    if (step.isEmpty() && leak.isEmpty()) {
      return new Observation(next, List.of());
    }
    List<Detection> detections = new ArrayList<>(2);
    step.ifPresent(detections::add);
    leak.ifPresent(detections::add);
    return new Observation(next, detections);
  }

  /** Whether nothing is remembered but windows of 0 bytes, so that the history can be dropped. */
  public boolean holdsNothing() {
    return jump.holdsNothing() && growth.holdsNothing();
  }

  static long bytes(double units) {
    return (long) (units * UNIT_BYTES);
  }

  /**
   * The history after a window, and what it shows there.
   *
   * @param detections at most one jump and one leak
   */
  public record Observation(CallerHistory next, List<Detection> detections) {

    public Observation {
      detections = List.copyOf(detections);
    }
  }
}

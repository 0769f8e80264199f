/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The recent windows of one caller on one host, and whether it has just jumped. Immutable; the
 * arrays are shared between one state and the next and are never written. Values are counts of
 * {@link CallerHistory#UNIT_BYTES}.
 *
 * <p>Raised windows wait beside the level, so they cannot move the median they are held against. If
 * enough come in a row they are a jump and become the new level, which is judged again once it has
 * warmed up: one step is reported once, a second step during the warm-up not at all. If they do
 * not, they join the level as a spike that the median passes over.
 *
 * <p>A steady leak does not repeat itself as jumps. Once a rise of r a window fills more than half
 * of the ring, the MAD is about n/4 r over n windows, so 8 x 1.4826 x MAD is 3 n r, while the next
 * value is only n/2 r above the median. A leak that passes the floor within half a ring is a jump
 * once, when it starts. A staircase is a jump a stair where stairs are further apart than that.
 *
 * @param level settled windows, oldest first
 * @param raised windows above them in a row, oldest first; complete when they are a jump
 * @param raisedSinceMillis start of the first raised window; 0 without one
 */
public record StepJump(int[] level, int[] raised, long raisedSinceMillis) {

  private static final int[] NONE = {};

  static StepJump unknown() {
    return new StepJump(NONE, NONE, 0);
  }

  static StepJump settledAtZero(int windows) {
    return new StepJump(new int[windows], NONE, 0);
  }

  StepJump observe(long windowStartMillis, int units, JumpSettings settings) {
    if (isComplete(settings)) {
      return new StepJump(raised, NONE, 0).observe(windowStartMillis, units, settings);
    }
    if (isAbove(units, settings)) {
      long since = raised.length == 0 ? windowStartMillis : raisedSinceMillis;
      return new StepJump(level, followedBy(raised, units), since);
    }
    int[] longer = followedBy(concatenated(level, raised), units);
    int surplus = Math.max(0, longer.length - settings.windows());
    return new StepJump(
        surplus == 0 ? longer : Arrays.copyOfRange(longer, surplus, longer.length), NONE, 0);
  }

  /** The jump whose last needed window was the one observed last. */
  Optional<Detection.Jump> found(JumpSettings settings) {
    if (!isComplete(settings)) {
      return Optional.empty();
    }
    double baseline = RobustStatistics.median(level);
    double step = RobustStatistics.median(raised) - baseline;
    List<Long> series = new ArrayList<>(level.length + raised.length);
    for (int units : concatenated(level, raised)) {
      series.add(CallerHistory.bytes(units));
    }
    return Optional.of(
        new Detection.Jump(
            raisedSinceMillis,
            CallerHistory.bytes(baseline),
            CallerHistory.bytes(step),
            step / Math.max(1, RobustStatistics.sigma(level)),
            series));
  }

  boolean holdsNothing() {
    return raised.length == 0 && Arrays.stream(level).allMatch(units -> units == 0);
  }

  private boolean isComplete(JumpSettings settings) {
    // More than that only when a state is read back under a shorter persistence.
    return raised.length >= settings.persistence();
  }

  private boolean isAbove(int units, JumpSettings settings) {
    // The median is not below the lowest window, so this settles nearly all calls without a sort.
    if (level.length < settings.warmUp() || !clears(units, lowest(), settings)) {
      return false;
    }
    double median = RobustStatistics.median(level);
    return clears(units, median, settings)
        && units - median >= settings.minimumDeviations() * RobustStatistics.sigma(level);
  }

  private static boolean clears(int units, double base, JumpSettings settings) {
    double floor = (double) settings.floorBytes() / CallerHistory.UNIT_BYTES;
    return units - base >= Math.max(floor, settings.minimumRatio() * base);
  }

  private int lowest() {
    int lowest = level[0];
    for (int units : level) {
      lowest = Math.min(lowest, units);
    }
    return lowest;
  }

  private static int[] followedBy(int[] values, int value) {
    int[] longer = Arrays.copyOf(values, values.length + 1);
    longer[values.length] = value;
    return longer;
  }

  private static int[] concatenated(int[] head, int[] tail) {
    if (tail.length == 0) {
      return head;
    }
    int[] both = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, both, head.length, tail.length);
    return both;
  }
}

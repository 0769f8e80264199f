/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.io.Serializable;

/**
 * When a rise of one caller on one host is a jump. A value is raised while it exceeds the median of
 * the windows before by {@code max(floorBytes, minimumRatio * median, minimumDeviations * 1.4826 *
 * MAD)}; as many raised windows in a row as {@code persistence} are a jump.
 *
 * @param floorBytes smallest rise worth a word, from 4096
 * @param minimumRatio smallest rise relative to the median, from 0
 * @param minimumDeviations smallest rise in robust standard deviations, above 0
 * @param windows windows the median is taken over
 * @param warmUp windows needed before anything is judged, 3 to {@code windows}
 * @param persistence windows a rise must last, 1 to {@code windows}
 */
public record JumpSettings(
    long floorBytes,
    double minimumRatio,
    double minimumDeviations,
    int windows,
    int warmUp,
    int persistence)
    implements Serializable {

  /**
   * Chosen by reasoning, not fitted. 64 MiB is what a person would look at on a server. A quarter
   * of the level keeps large callers from reporting their own breathing. Eight robust deviations,
   * because over millions of keys a minute even a chance of 10^-10 comes up, and tails are heavier
   * than Gauss's. The median of sixteen windows stands while seven are disturbed; half of them must
   * be there before it is trusted. Two windows, because one snapshot can catch a buffer in flight.
   */
  public static final JumpSettings DEFAULTS = new JumpSettings(64L << 20, 0.25, 8, 16, 8, 2);

  public JumpSettings {
    Constraint.check(floorBytes >= 4096, "floorBytes", floorBytes, "at least 4096");
    Constraint.check(
        minimumRatio >= 0 && minimumRatio < 100, "minimumRatio", minimumRatio, "0 to 100");
    Constraint.check(
        minimumDeviations > 0 && minimumDeviations < 1000,
        "minimumDeviations",
        minimumDeviations,
        "above 0 and below 1000");
    Constraint.check(windows >= 3, "windows", windows, "at least 3");
    Constraint.check(warmUp >= 3 && warmUp <= windows, "warmUp", warmUp, "3 to windows");
    Constraint.check(
        persistence >= 1 && persistence <= windows, "persistence", persistence, "1 to windows");
  }

  JumpSettings withFloor(long newFloor) {
    return new JumpSettings(
        newFloor, minimumRatio, minimumDeviations, windows, warmUp, persistence);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.io.Serializable;

/**
 * When a rise of one caller on one host is a jump: it exceeds what is expected by {@code
 * max(floorBytes, minimumRatio * expected, minimumDeviations * deviation)}, {@code stepShare} of
 * that within one window, and then stays above half of it for {@code persistence} windows in a row.
 *
 * @param floorBytes smallest rise worth a word, from 4096
 * @param minimumRatio smallest rise relative to what is expected, from 0
 * @param minimumDeviations smallest rise in robust standard deviations, above 0
 * @param stepShare share of that rise which must come from one window to the next, 0 to 1
 * @param warmUp windows needed before anything is judged, from 3
 * @param persistence windows a rise must last, from 1
 * @param settled windows after which it is the new level, from {@code persistence}
 * @param ticketSurprise surprise from which a jump is more than a line in a list, above 0
 */
public record JumpSettings(
    long floorBytes,
    double minimumRatio,
    double minimumDeviations,
    double stepShare,
    int warmUp,
    int persistence,
    int settled,
    double ticketSurprise)
    implements Serializable {

  /**
   * Chosen by reasoning, not fitted. 64 MiB is what a person would look at on a server. A quarter
   * of the level keeps large callers from reporting their own breathing. Eight robust deviations
   * and a chance of 10^-10, because over millions of keys a minute even that comes up. Half of the
   * rise at once: a cache that fills for hours is no step. Half a dozen windows say where a level
   * is. Two windows of persistence, because one snapshot can catch a buffer in flight. After four
   * hours of one-minute windows a step has been seen by whoever looks.
   */
  public static final JumpSettings DEFAULTS =
      new JumpSettings(64L << 20, 0.25, 8, 0.5, 8, 2, 240, 10);

  public JumpSettings {
    Constraint.check(floorBytes >= 4096, "floorBytes", floorBytes, "at least 4096");
    Constraint.check(
        minimumRatio >= 0 && minimumRatio < 100, "minimumRatio", minimumRatio, "0 to 100");
    Constraint.check(
        minimumDeviations > 0 && minimumDeviations < 1000,
        "minimumDeviations",
        minimumDeviations,
        "above 0 and below 1000");
    Constraint.check(stepShare >= 0 && stepShare <= 1, "stepShare", stepShare, "0 to 1");
    Constraint.check(warmUp >= 3, "warmUp", warmUp, "at least 3");
    Constraint.check(persistence >= 1, "persistence", persistence, "at least 1");
    Constraint.check(settled >= persistence, "settled", settled, "at least persistence");
    Constraint.check(ticketSurprise > 0, "ticketSurprise", ticketSurprise, "above 0");
  }

  JumpSettings withFloor(long newFloor) {
    return new JumpSettings(
        newFloor,
        minimumRatio,
        minimumDeviations,
        stepShare,
        warmUp,
        persistence,
        settled,
        ticketSurprise);
  }
}

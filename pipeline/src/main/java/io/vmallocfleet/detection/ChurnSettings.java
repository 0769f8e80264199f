/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a caller's areas come and go far more often than they used to: {@code persistence} windows
 * in a row with at least {@code floorAreas} changes, {@code minimumRatio} times the usual number
 * and {@code minimumDeviations} mean deviations above it.
 *
 * @param floorAreas fewest changes worth a word, from 1
 * @param minimumRatio of the usual number, from 1
 * @param minimumDeviations above the usual number, above 0
 * @param warmUp windows before anything is judged, from 3
 * @param persistence windows it must last, from 1
 */
public record ChurnSettings(
    long floorAreas, double minimumRatio, double minimumDeviations, int warmUp, int persistence)
    implements Serializable {

  /** Milliseconds between snapshots from which on the floor grows with the window. */
  private static final long APART = Duration.ofMinutes(5).toMillis();

  /**
   * Chosen by reasoning, not fitted. 250 changes between two snapshots, five minutes apart at most,
   * are 1,500 areas an hour that come and go; four times and ten mean deviations, because
   * containers start in waves.
   */
  public static final ChurnSettings DEFAULTS = new ChurnSettings(250, 4, 10, 16, 3);

  /**
   * The same for windows of a length: where snapshots are further apart than five minutes, more
   * changes lie between two of them.
   */
  ChurnSettings withWindow(Duration window) {
    long floor = Math.max(floorAreas, Math.round(floorAreas * (double) window.toMillis() / APART));
    return new ChurnSettings(floor, minimumRatio, minimumDeviations, warmUp, persistence);
  }

  /** Changes below this need no memory: a tenth of what is worth a word. */
  public long rememberedFrom() {
    return Math.max(1, floorAreas / 10);
  }

  public ChurnSettings {
    Constraint.check(floorAreas >= 1, "floorAreas", floorAreas, "at least 1");
    Constraint.check(minimumRatio >= 1, "minimumRatio", minimumRatio, "at least 1");
    Constraint.check(minimumDeviations > 0, "minimumDeviations", minimumDeviations, "above 0");
    Constraint.check(warmUp >= 3, "warmUp", warmUp, "at least 3");
    Constraint.check(persistence >= 1, "persistence", persistence, "at least 1");
  }
}

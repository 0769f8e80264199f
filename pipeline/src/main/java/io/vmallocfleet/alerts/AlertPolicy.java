/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.FindingKind;

/**
 * How patient the alerts of one kind are. In windows, so that a trial with short ones behaves like
 * a fleet with long ones.
 *
 * @param confirmWindows for-duration: how long it must go on being seen before anybody is told; 0
 *     where the detector has waited long enough itself
 * @param quietWindows keep-firing: how long after the detector said it is gone, or after the last
 *     window that showed it, it has to stay away before it counts as over
 * @param endsBySilence whether it is over when no window shows it any more; else only a detector
 *     can say so
 */
public record AlertPolicy(int confirmWindows, int quietWindows, boolean endsBySilence) {

  /**
   * An alert that returns within this many windows after its end, or is interrupted {@value
   * #INTERRUPTIONS} times within them, is flapping: one alert, until it has been away, or there
   * without a break, for as many.
   */
  static final int FLAP_WINDOWS = 60;

  static final int INTERRUPTIONS = 3;

  /** A severity falls only after this many windows below it; it rises at once. */
  static final int EASING_WINDOWS = 10;

  public static AlertPolicy of(FindingKind kind) {
    return switch (kind) {
      // These detectors wait until chance is ruled out.
      case JUMP, LEAK -> new AlertPolicy(0, 5, true);
      case FLEET_LEAK, ROLLOUT_REGRESSION -> new AlertPolicy(1, 10, true);
      case HEADROOM -> new AlertPolicy(1, 10, true);
      case CHURN, FRAGMENTATION, OUTLIER_HOST -> new AlertPolicy(2, 10, true);
      // A silent host says nothing: silence about it must not look like its end.
      case HOST_SILENT -> new AlertPolicy(0, 0, false);
      case HOST_BLIND, SNAPSHOTS_LOST, PARSE_FAILURES -> new AlertPolicy(2, 10, true);
      case CLOCK_SKEW -> new AlertPolicy(5, 10, true);
      // News rather than troubles: listed for an hour.
      case CALLER_RENAMED, NEW_CALLER -> new AlertPolicy(0, 60, true);
      // Whoever wrote it has said how long to wait.
      case RULE -> new AlertPolicy(0, 5, true);
      case UNKNOWN -> new AlertPolicy(1, 10, true);
    };
  }
}

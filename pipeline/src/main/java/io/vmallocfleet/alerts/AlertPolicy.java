/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.FindingKind;

/**
 * How patient the alerts of one kind are. In windows, so that a trial with short ones behaves like
 * a fleet with long ones.
 *
 * @param confirmWindows for-duration: how long it must go on being seen before anybody is told; 0
 *     where the detector has waited long enough itself
 * @param quietWindows keep-firing: how long after the detector said it is gone it has to stay away
 *     before it counts as over
 * @param silentWindows how long after the last window that showed it, where nobody says that it is
 *     gone; {@link #NEVER} where only a detector can end it
 */
public record AlertPolicy(int confirmWindows, int quietWindows, int silentWindows) {
  static final int NEVER = 0;

  /**
   * A host that says nothing is known to be silent ten windows after its last one ({@code
   * Heartbeat}), and then ends nothing; until that is heard of here, the trouble may still be
   * there.
   */
  private static final int HOST_MAY_BE_SILENT = 12;

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
      case JUMP, LEAK -> new AlertPolicy(0, 5, HOST_MAY_BE_SILENT);
      case FLEET_LEAK, ROLLOUT_REGRESSION -> new AlertPolicy(1, 10, 10);
      case HEADROOM -> new AlertPolicy(1, 10, HOST_MAY_BE_SILENT);
      case CHURN, FRAGMENTATION, OUTLIER_HOST -> new AlertPolicy(2, 10, HOST_MAY_BE_SILENT);
      // A silent host says nothing: silence about it must not look like its end.
      case HOST_SILENT -> new AlertPolicy(0, 0, NEVER);
      case HOST_BLIND, SNAPSHOTS_LOST, PARSE_FAILURES -> new AlertPolicy(2, 10, HOST_MAY_BE_SILENT);
      case CLOCK_SKEW -> new AlertPolicy(5, 10, HOST_MAY_BE_SILENT);
      // News rather than troubles: listed for an hour.
      case CALLER_RENAMED, NEW_CALLER -> new AlertPolicy(0, 60, 60);
      // Whoever wrote it has said how long to wait; its end is silence.
      case RULE -> new AlertPolicy(0, 5, HOST_MAY_BE_SILENT);
      case UNKNOWN -> new AlertPolicy(1, 10, HOST_MAY_BE_SILENT);
    };
  }
}

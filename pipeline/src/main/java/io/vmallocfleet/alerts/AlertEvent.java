/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.Verdict;

/** What can happen to an alert. Times are milliseconds since the epoch, event time. */
public sealed interface AlertEvent {
  long atMillis();

  /**
   * A window shows it.
   *
   * @param atMillis end of the window
   * @param windowMillis its length, from 1
   * @param stepMillis from one value the detector judges to the next: a detector that judges by the
   *     bucket may be silent for as long
   */
  record Seen(long atMillis, Severity severity, long windowMillis, long stepMillis)
      implements AlertEvent {}

  /** The detector looked, and it is not there any more. */
  record Gone(long atMillis, String because) implements AlertEvent {}

  /** What it was about is no more: the host has rebooted or left, the cohort is empty. */
  record Ended(long atMillis, String because) implements AlertEvent {}

  /** Nothing but time, or a change of {@link Circumstances}. */
  record TimePassed(long atMillis) implements AlertEvent {}

  /**
   * Somebody has it in hand.
   *
   * @param untilResolved whether that also holds when it gets worse
   */
  record Acknowledged(long atMillis, String by, String why, boolean untilResolved)
      implements AlertEvent {}

  /** Nobody has it in hand any more. */
  record Withdrawn(long atMillis, String by, String why) implements AlertEvent {}

  /** What a finding means to the alert of its fingerprint. */
  static AlertEvent of(Finding finding) {
    long end = finding.getWindowEnd().toEpochMilli();
    if (finding.getVerdict() == Verdict.GONE) {
      return new Gone(end, finding.getGoneBecause());
    }
    long window = Math.max(1, end - finding.getWindowStart().toEpochMilli());
    return new Seen(
        end,
        finding.getSeverity(),
        window,
        Math.max(window, finding.getEvidence().getSeriesStepMs()));
  }
}

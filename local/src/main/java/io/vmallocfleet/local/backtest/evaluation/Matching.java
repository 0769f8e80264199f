/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Duration;

/**
 * Whether an alert lies on a label.
 *
 * <ul>
 *   <li>Time: it fired from {@code from} to {@code to} + grace. One that had fired before is not
 *       caused by it, however long it lasts; else whoever always alerts would find everything.
 *   <li>Host: an alert on a host lies on labels of that host and on fleet-wide ones. A fleet alert
 *       lies on labels of its cohort, where both name one; where the alert has neither caller nor
 *       cohort, or the label no caller, it must name a host of the label among its worst.
 *   <li>Caller: one of the label's. A label or an alert without a caller is about all of them; an
 *       alert with a purpose alone must share the label's.
 * </ul>
 */
record Matching(Duration grace) {

  boolean overlaps(AlertSpan alert, Label label) {
    return inTime(alert, label) && sameHosts(alert, label) && sameCaller(alert, label);
  }

  private boolean inTime(AlertSpan alert, Label label) {
    return !alert.firedAt().isBefore(label.from())
        && !alert.firedAt().isAfter(label.to().plus(grace));
  }

  private static boolean sameHosts(AlertSpan alert, Label label) {
    if (!alert.hostId().isEmpty()) {
      return label.hostIds().isEmpty() || label.hostIds().contains(alert.hostId());
    }
    boolean nothingElseInCommon =
        label.callers().isEmpty() || alert.function().isEmpty() && alert.cohort().isEmpty();
    if (nothingElseInCommon && !label.hostIds().isEmpty()) {
      return alert.worstHostIds().stream().anyMatch(label.hostIds()::contains);
    }
    return alert.cohort().isEmpty()
        || label.cohort().isEmpty()
        || alert.cohort().equals(label.cohort());
  }

  private static boolean sameCaller(AlertSpan alert, Label label) {
    if (label.callers().isEmpty()) {
      return true;
    }
    if (alert.function().isEmpty()) {
      return alert.purpose().isEmpty()
          || label.purpose().isEmpty()
          || alert.purpose().equals(label.purpose());
    }
    return label.callers().contains(new Label.Caller(alert.function(), alert.module()));
  }
}

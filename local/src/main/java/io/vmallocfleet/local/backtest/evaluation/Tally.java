/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.Nullable;

/**
 * How good a set of alerts is.
 *
 * @param alerts all of them
 * @param duplicates further alerts on incidents already found; neither true nor false
 * @param otherKind alerts on incidents under another name; neither true nor false
 * @param precision true alerts of the true and the false
 * @param precisionAnyKind the same with those under another name as true
 * @param recall incidents found of all
 * @param recallAnyKind the same with those alerted under another name as found
 * @param medianDelay from visibleFrom, over the incidents found; null when none was
 * @param p90Delay smallest delay that at least 90 % of the found did not exceed
 */
public record Tally(
    int alerts,
    int duplicates,
    int otherKind,
    Proportion precision,
    Proportion precisionAnyKind,
    Proportion recall,
    Proportion recallAnyKind,
    Rate falseAlerts,
    Rate falsePages,
    @Nullable Duration medianDelay,
    @Nullable Duration p90Delay) {

  static Tally of(List<Outcome> incidents, List<JudgedAlert> alerts, double hostDays) {
    int right = count(alerts, Verdict.TRUE);
    int otherKind = count(alerts, Verdict.OTHER_KIND);
    int wrong = count(alerts, Verdict.BENIGN) + count(alerts, Verdict.UNLABELLED);
    long wrongPages =
        alerts.stream().filter(a -> a.verdict().isFalse() && a.alert().page()).count();
    List<Duration> delays = new ArrayList<>();
    for (Outcome incident : incidents) {
      if (incident.delay() != null) {
        delays.add(incident.delay());
      }
    }
    delays.sort(null);
    return new Tally(
        alerts.size(),
        count(alerts, Verdict.DUPLICATE),
        otherKind,
        Proportion.of(right, right + wrong),
        Proportion.of(right + otherKind, right + otherKind + wrong),
        Proportion.of(incidents.stream().filter(Outcome::found).count(), incidents.size()),
        Proportion.of(incidents.stream().filter(Outcome::foundByAnyKind).count(), incidents.size()),
        Rate.of(wrong, hostDays),
        Rate.of(wrongPages, hostDays),
        rank(delays, 0.5),
        rank(delays, 0.9));
  }

  private static int count(List<JudgedAlert> alerts, Verdict verdict) {
    return (int) alerts.stream().filter(a -> a.verdict() == verdict).count();
  }

  /** Nearest rank, so that a quantile is a delay that happened. */
  @Nullable
  private static Duration rank(List<Duration> sorted, double quantile) {
    return sorted.isEmpty()
        ? null
        : sorted.get(Math.max(0, (int) Math.ceil(quantile * sorted.size()) - 1));
  }
}

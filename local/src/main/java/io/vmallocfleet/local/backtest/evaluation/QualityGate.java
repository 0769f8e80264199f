/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import io.vmallocfleet.local.backtest.evaluation.QualityFile.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Whether a change made the detectors worse than the noise of what was published. */
public final class QualityGate {
  private QualityGate() {}

  /**
   * Compares scenario by scenario and in total. Recall and precision may not lie below the
   * published Wilson interval; false alerts and false pages a host-day not above the published
   * Garwood one. A published scenario that is gone fails too, else dropping it would pass.
   *
   * @return one sentence a failure; empty when quality held
   */
  public static List<String> check(QualityFile published, QualityFile now) {
    List<String> failures = new ArrayList<>();
    for (Result before : published.results()) {
      now.results().stream()
          .filter(r -> r.scenario().equals(before.scenario()) && r.seed() == before.seed())
          .findFirst()
          .ifPresentOrElse(
              after -> compare(name(before), before, after, failures),
              () -> failures.add(name(before) + ": published, but no longer measured"));
    }
    compare("total", published.total(), now.total(), failures);
    return failures;
  }

  private static String name(Result result) {
    return "%s, seed %d".formatted(result.scenario(), result.seed());
  }

  private static void compare(String name, Result before, Result after, List<String> failures) {
    share(name + ": recall", before.recall(), after.recall(), failures);
    share(name + ": precision", before.precision(), after.precision(), failures);
    rate(
        name + ": false alerts",
        before.falseAlerts(),
        before,
        after.falseAlerts(),
        after,
        failures);
    rate(name + ": false pages", before.falsePages(), before, after.falsePages(), after, failures);
  }

  private static void share(
      String what, Proportion before, Proportion after, List<String> failures) {
    if (before.estimate() == null) {
      return;
    }
    if (after.estimate() == null) {
      failures.add(what + " was published, but there is nothing to count now");
    } else if (after.estimate() < before.low()) {
      failures.add(
          String.format(
              Locale.ROOT,
              "%s fell to %.3f, below %.3f, the lower end of the published %.3f",
              what,
              after.estimate(),
              before.low(),
              before.estimate()));
    }
  }

  private static void rate(
      String what, long before, Result published, long after, Result now, List<String> failures) {
    Rate was = Rate.of(before, published.hostDays());
    Rate is = Rate.of(after, now.hostDays());
    if (is.perHostDay() > was.high()) {
      failures.add(
          String.format(
              Locale.ROOT,
              "%s rose to %.4g a host-day, above %.4g, the upper end of the published %.4g",
              what,
              is.perHostDay(),
              was.high(),
              was.perHostDay()));
    }
  }
}

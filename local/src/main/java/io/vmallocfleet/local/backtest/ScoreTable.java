/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.local.backtest.evaluation.DetectorScore;
import io.vmallocfleet.local.backtest.evaluation.Evaluation;
import io.vmallocfleet.local.backtest.evaluation.Proportion;
import io.vmallocfleet.local.backtest.evaluation.Tally;
import java.io.PrintWriter;
import java.util.List;

/** Detectors side by side on the same data, with 95 % intervals. */
record ScoreTable(PrintWriter out) {
  private static final String ROW = "%-20s %7s %22s %22s %28s %13s%n";

  void print(List<DetectorScore> scores, Evaluation evaluation) {
    out.println();
    out.printf(
        ROW, "DETECTOR", "ALERTS", "PRECISION", "RECALL", "FALSE A HOST-DAY", "MEDIAN DELAY");
    for (DetectorScore score : scores) {
      Tally tally = score.tally();
      out.printf(
          ROW,
          score.detector(),
          tally.alerts(),
          proportion(tally.precision()),
          proportion(tally.recall()),
          "%.4f (%.4f to %.4f)"
              .formatted(
                  tally.falseAlerts().perHostDay(),
                  tally.falseAlerts().low(),
                  tally.falseAlerts().high()),
          tally.medianDelay() == null ? "-" : tally.medianDelay().toMinutes() + " min");
    }
    out.printf(
        "%d incidents, %d look-alikes%n",
        evaluation.incidents().size(), evaluation.lookAlikes().size());
  }

  private static String proportion(Proportion proportion) {
    return proportion.estimate() == null
        ? "-"
        : "%.0f %% (%.0f to %.0f)"
            .formatted(
                100 * proportion.estimate(), 100 * proportion.low(), 100 * proportion.high());
  }
}

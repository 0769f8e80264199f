/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.local.backtest.evaluation.Proportion;
import io.vmallocfleet.local.backtest.evaluation.QualityFile;
import io.vmallocfleet.local.backtest.evaluation.QualityFile.OfKind;
import io.vmallocfleet.local.backtest.evaluation.QualityFile.Result;
import io.vmallocfleet.local.backtest.evaluation.Rate;
import java.time.Duration;
import java.util.Locale;

/** The published results as a page of Markdown. */
record QualityPage(QualityFile file, Corpus corpus) {
  String text() {
    var page = new StringBuilder();
    page.append(
        """
        # How good the detectors are

        Measured by one command on simulated fleets with known incidents and look-alikes
        ([simulate.md](simulate.md)), through the job's own operators and the lifecycle that routes
        alerts:

        ```
        ./vmalloc-fleet quality --write docs        # all of it; --small for the part CI runs
        ```

        The machine-readable file is [quality.json](quality.json). The corpus
        ([corpus.yaml](../local/src/main/resources/io/vmallocfleet/local/backtest/corpus.yaml)) is %d
        scenarios under each of the held-out seeds %s; %s are for setting constants. %d recordings of
        it were measured for this page. A held-out seed whose false alerts were looked at is replaced,
        as 101 was. CI runs a part (`quality --small --check docs/quality.json`)
        and fails when a figure falls out of the interval published here.

        An alert is true when it is the first of a right kind on an incident; further ones, and ones
        under another name, count neither way; all others are false. Intervals are 95 %% (Wilson's for
        shares, Garwood's for rates). Simulated fleets are no fleets: the figures compare detectors
        and versions, they promise nothing about yours.

        Known to be missed: a leak of percpu memory on kernels that print no `pages=` for it, where
        only its bookkeeping grows (5.8 in the corpus). Known to be late: a fast rise of what may be a
        cache that fills (an unknown module, a hash table) is told after twelve hours without a bend,
        unless memory would be gone before.

        """
            .formatted(
                corpus.recordings().size(),
                corpus.heldOutSeeds(),
                corpus.tuningSeeds(),
                file.results().size()));
    detectors(page);
    kinds(page);
    recordings(page);
    return page.toString();
  }

  private void detectors(StringBuilder page) {
    page.append("## Side by side with detectors that cost nothing\n\n");
    page.append(
        "| detector | incidents found | precision | false alerts a host-day | false pages a"
            + " host-day |\n");
    page.append("|---|---|---|---|---|\n");
    row(page, "**fleet-analytics**", file.total());
    file.baselines().forEach(b -> row(page, b.scenario(), b));
    page.append(
        """

        `FixedThreshold` is sysAK's line, the smaller of 6 GiB and 10 % of memory;
        `LeastSquaresGrowth` the t of a line through a day; `TrailingMad` the distance from the median
        of a day. They watch memory and page on everything they raise.

        """);
  }

  private static void row(StringBuilder page, String name, Result r) {
    page.append(
        "| %s | %s | %s | %s | %s |\n"
            .formatted(
                name,
                share(r.recall()),
                share(r.precision()),
                rate(r.falseAlertRate()),
                rate(r.falsePageRate())));
  }

  private void kinds(StringBuilder page) {
    page.append(
        "## By kind\n\n"
            + "| kind | incidents found | median delay | false alerts |\n"
            + "|---|---|---|---|\n");
    for (OfKind kind : file.kinds()) {
      page.append(
          "| `%s` | %s | %s | %d |\n"
              .formatted(
                  kind.kind(),
                  share(kind.recall()),
                  delay(kind.medianDelay()),
                  kind.falseAlerts()));
    }
    page.append("\nDelays count from when the incident could first be told from noise.\n\n");
  }

  private void recordings(StringBuilder page) {
    page.append("## By recording\n\n");
    page.append(
        "| scenario | seed | incidents found | true alerts | false alerts | of them pages |"
            + " host-days |\n");
    page.append("|---|---|---|---|---|---|---|\n");
    for (Result r : file.results()) {
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d of %d | %d | %d | %d | %.0f |\n",
              r.scenario(),
              r.seed(),
              r.found(),
              r.incidents(),
              r.trueAlerts(),
              r.falseAlerts(),
              r.falsePages(),
              r.hostDays()));
    }
  }

  private static String share(Proportion share) {
    return share.estimate() == null
        ? "–"
        : String.format(
            Locale.ROOT,
            "%.0f %% (%d of %d, %.0f–%.0f)",
            100 * share.estimate(),
            share.hits(),
            share.trials(),
            100 * share.low(),
            100 * share.high());
  }

  private static String rate(Rate rate) {
    return String.format(
        Locale.ROOT, "%.4f (%.4f–%.4f)", rate.perHostDay(), rate.low(), rate.high());
  }

  private static String delay(Duration delay) {
    if (delay == null) {
      return "–";
    }
    long minutes = delay.toMinutes();
    return Math.abs(minutes) < 120
        ? minutes + " min"
        : String.format(Locale.ROOT, "%.1f h", minutes / 60.0);
  }
}

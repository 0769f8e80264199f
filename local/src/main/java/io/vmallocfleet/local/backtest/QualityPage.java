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
  /** The fleet that false pages are told for, and callers a host there and in the corpus. */
  private static final double LARGE_FLEET = 100_000;

  private static final double LARGE_HOST = 150;
  private static final double SIMULATED_HOST = 75;

  /** Measured by tests, which hold the figures. */
  private static final String DELAYS =
      """

      ## How soon

      A slow leak on one host, by its slope in standard deviations of the caller's noise a day, and the
      same on many hosts of one kernel build; days from its beginning, medians. `CalibrationTest` and
      `PopulationDelayTest` hold the figures.

      | slope | one host | 20 hosts | 50 hosts | 200 hosts |
      |---|---|---|---|---|
      | 0.25 a day | | – | 5.7 | 4.0 |
      | 0.5 a day | 10.0 (11 % found) | 5.5 | 3.0 | 2.2 |
      | 1 a day | 6.7 (99 %) | 3.2 | 2.0 | 1.3 |
      | 2 a day | 4.7 (100 %) | 1.7 | 1.3 | 1.3 |

      A fast leak is told once it has risen 64 MiB, through five buckets of ten minutes, in a line at least
      six times as high as it wanders. Where nobody keeps a cache (stacks, BPF, modules, percpu, firewall
      rules) rises of 24 to 300 MiB an hour were told 50 minutes to 3.3 hours after they left the noise
      (tuning seeds), of which the first 64 MiB take 13 minutes to 2.7 hours and the five buckets 50
      minutes. **The aim, three windows after it left the noise, is not reached**: two points make any
      line straight, and a job that starts takes 64 MiB too. Where it may be a cache that fills (an
      unknown module, a hash table) it is told after twelve hours without a bend, or at once when memory
      would be gone within twelve.

      Sooner cannot be had from the series of one host: a cache with time constant T has lost a quarter of
      its first slope only after 0.29 T. By how long a rise must keep its pace before it is told
      (`FastLeakProofTest`; 600 MiB with noise of 10, a cache of 2 GiB against 10 % more an hour), the
      caches told as leaks:

      | proof | T = 3 h | 6 h | 12 h | 24 h | 30 h | the leak is told after |
      |---|---|---|---|---|---|---|
      | 1 h | 100 % | 100 % | 100 % | 100 % | 98 % | 4.0 h |
      | 3 h | 70 % | 100 % | 100 % | 100 % | 98 % | 4.0 h |
      | 6 h | 0 % | 42 % | 74 % | 100 % | 92 % | 6.3 h |
      | 9 h | 0 % | 0 % | 0 % | 84 % | 48 % | 12.2 h |
      | 12 h, the default | 0 % | 0 % | 0 % | 16 % | 20 % | 12.5 h |

      Other hosts that fill alike at the same age take away most of what is left (`JudgeGrowth`).
      """;

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
        under another name, count neither way; all others are false. What is only listed (`INFO`) counts
        like what wakes someone. Intervals are 95 %% (Wilson's for shares, Garwood's for rates). Simulated
        fleets are no fleets: the figures compare detectors and versions, they promise nothing about
        yours.

        Known to be missed: a leak of percpu memory on kernels that print no `pages=` for it, where
        only its bookkeeping grows (5.8 in the corpus).

        """
            .formatted(
                corpus.recordings().size(),
                corpus.heldOutSeeds(),
                corpus.tuningSeeds(),
                file.results().size()));
    detectors(page);
    extrapolated(page);
    kinds(page);
    recordings(page);
    page.append(DELAYS);
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

  /** What the rate of false pages says of a fleet as large as it was asked for. */
  private void extrapolated(StringBuilder page) {
    Rate pages = file.total().falsePageRate();
    double scale = LARGE_FLEET * LARGE_HOST / SIMULATED_HOST;
    page.append(
        String.format(
            Locale.ROOT,
            """
            ## False pages of a large fleet

            %d in %.0f host-days. By proportion, 100,000 hosts of 150 callers (simulated ones have some
            75) would be woken for nothing %.0f times a day, 95 %% interval %.0f to %.0f. The aim is at most
            one a day; to show that takes %,.0f host-days without a page, so **it is not shown, nor
            refuted, by a corpus of this size**. Pages about the fleet as a whole (`FLEET_LEAK`,
            `ROLLOUT_REGRESSION`) do not grow with the number of hosts as this takes them to.

            """,
            pages.events(),
            pages.hostDays(),
            pages.perHostDay() * scale,
            pages.low() * scale,
            pages.high() * scale,
            Rate.of(0, 1).high() * scale));
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
        "| scenario | seed | incidents found | median delay | true alerts | false alerts |"
            + " of them pages | host-days |\n");
    page.append("|---|---|---|---|---|---|---|---|\n");
    for (Result r : file.results()) {
      page.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d of %d | %s | %d | %d | %d | %.0f |\n",
              r.scenario(),
              r.seed(),
              r.found(),
              r.incidents(),
              delay(r.medianDelay()),
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

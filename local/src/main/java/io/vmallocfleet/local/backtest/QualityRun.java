/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.alerts.Owners;
import io.vmallocfleet.local.backtest.evaluation.DetectorScore;
import io.vmallocfleet.local.backtest.evaluation.Evaluation;
import io.vmallocfleet.local.backtest.evaluation.Label;
import io.vmallocfleet.local.backtest.evaluation.Outcome;
import io.vmallocfleet.local.backtest.evaluation.QualityFile;
import io.vmallocfleet.local.backtest.evaluation.QualityFile.OfKind;
import io.vmallocfleet.local.backtest.evaluation.QualityFile.Result;
import io.vmallocfleet.local.backtest.evaluation.Report;
import io.vmallocfleet.local.backtest.evaluation.Tally;
import io.vmallocfleet.pipeline.PipelineConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.annotation.Nullable;

/** Judges recordings one after the other and adds up what comes out. */
final class QualityRun {
  /**
   * A recording does not say when snapshots arrived. What other hosts' snapshots say instead is as
   * old as the widest gap between two of them: of thirty hosts read once an interval, one interval
   * in a thousand has a gap of a third of it.
   */
  private static final int TOLERANCE_SHARE = 3;

  private final List<Result> results = new ArrayList<>();
  private final Map<String, List<Result>> baselines = new LinkedHashMap<>();
  private final Map<String, Kind> kinds = new TreeMap<>();

  private static final class Kind {
    private long incidents;
    private long falseAlerts;
    private final List<Duration> delays = new ArrayList<>();
  }

  /**
   * The job's windows are as long as the interval of the recording, because a shorter one would be
   * empty most of the time.
   *
   * @param reports directory for the report of this recording, null for none
   */
  Result judge(
      Corpus.Entry entry,
      long seed,
      Path recording,
      List<Label> labels,
      boolean withBaselines,
      int parallelism,
      @Nullable Path reports,
      Progress progress)
      throws IOException {
    PipelineConfig config =
        PipelineConfig.from(
            Map.of(
                "VMALLOC_PIPELINE_WINDOW",
                entry.interval(),
                "VMALLOC_PIPELINE_CLOCK_TOLERANCE",
                entry.every().toSeconds() / TOLERANCE_SHARE + "s"));
    Rehearsal rehearsal =
        Rehearsal.of(recording, config, Owners.DEFAULTS, parallelism, withBaselines, progress);
    if (reports != null) {
      String title = "%s, seed %d".formatted(entry.scenario(), seed);
      Report report = rehearsal.report(title, recording, labels, null, progress);
      String file = "%s-%d".formatted(entry.scenario(), seed);
      BacktestCommand.write(reports.resolve(file + ".html"), report);
      BacktestCommand.write(reports.resolve(file + ".json"), report);
    }
    progress.end();
    Evaluation evaluation = rehearsal.evaluation(labels);
    Result result = Result.of(entry.scenario(), seed, evaluation.overall());
    results.add(result);
    for (Outcome incident : evaluation.incidents()) {
      Kind kind = kinds.computeIfAbsent(incident.label().kind(), k -> new Kind());
      kind.incidents++;
      if (incident.delay() != null) {
        kind.delays.add(incident.delay());
      }
    }
    evaluation
        .byKind()
        .forEach(
            (name, tally) ->
                kinds.computeIfAbsent(name, k -> new Kind()).falseAlerts +=
                    tally.falseAlerts().events());
    List<DetectorScore> scores = rehearsal.scores(labels);
    for (DetectorScore score : scores.subList(1, scores.size())) {
      Tally tally = score.tally();
      baselines
          .computeIfAbsent(score.detector(), d -> new ArrayList<>())
          .add(Result.of(score.detector(), seed, tally));
    }
    return result;
  }

  QualityFile file() {
    List<OfKind> byKind = new ArrayList<>();
    kinds.forEach(
        (name, kind) -> {
          kind.delays.sort(null);
          byKind.add(
              new OfKind(
                  name,
                  kind.incidents,
                  kind.delays.size(),
                  kind.falseAlerts,
                  kind.delays.isEmpty() ? null : kind.delays.get(kind.delays.size() / 2)));
        });
    List<Result> free = new ArrayList<>();
    baselines.forEach((name, of) -> free.add(QualityFile.sum(name, of)));
    return QualityFile.of(results, byKind, free);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.alerts.Owners;
import io.vmallocfleet.local.backtest.evaluation.AlertSpan;
import io.vmallocfleet.local.backtest.evaluation.Baseline;
import io.vmallocfleet.local.backtest.evaluation.Comparison;
import io.vmallocfleet.local.backtest.evaluation.DetectorScore;
import io.vmallocfleet.local.backtest.evaluation.Evaluation;
import io.vmallocfleet.local.backtest.evaluation.FixedThreshold;
import io.vmallocfleet.local.backtest.evaluation.Label;
import io.vmallocfleet.local.backtest.evaluation.LeastSquaresGrowth;
import io.vmallocfleet.local.backtest.evaluation.Report;
import io.vmallocfleet.local.backtest.evaluation.SeriesSource;
import io.vmallocfleet.local.backtest.evaluation.TrailingMad;
import io.vmallocfleet.local.backtest.evaluation.Usage;
import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.recording.RecordingLength;
import io.vmallocfleet.pipeline.usage.CallerName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import javax.annotation.Nullable;

/**
 * A recording run through the job and the lifecycle of alerts, and, where asked for, through the
 * free baselines.
 *
 * @param alerts what would have fired
 * @param baselines what the free detectors would have raised, by name
 */
record Rehearsal(
    Backtest backtest, List<AlertSpan> alerts, Map<String, List<AlertSpan>> baselines) {

  /**
   * @throws IOException if the recording cannot be read or the job fails; says why
   */
  static Rehearsal of(
      Path recording,
      PipelineConfig config,
      Owners owners,
      int parallelism,
      boolean withBaselines,
      Progress progress)
      throws IOException {
    Map<String, Long> memory = new HashMap<>();
    List<Baseline> free =
        withBaselines
            ? List.of(
                new FixedThreshold(host -> memory.getOrDefault(host, 0L)),
                new LeastSquaresGrowth(),
                new TrailingMad())
            : List.of();
    if (withBaselines) {
      progress.begin("running the baselines");
      RecordedUsage.tell(
          recording,
          memory,
          free.stream().map(b -> (Consumer<Usage>) b::observe).toList(),
          progress::share);
    }
    progress.begin("running the job");
    Backtest backtest = job(recording, config, parallelism, progress);
    Map<String, List<AlertSpan>> baselines = new LinkedHashMap<>();
    free.forEach(b -> baselines.put(b.getClass().getSimpleName(), b.alerts()));
    return new Rehearsal(
        backtest,
        AlertReplay.of(backtest.findings(), owners, backtest.recorded().span().to()),
        baselines);
  }

  /** The same recording under other settings. */
  List<AlertSpan> alertsUnder(
      Path recording, PipelineConfig config, Owners owners, int parallelism, Progress progress)
      throws IOException {
    progress.begin("running the job with the other rules");
    Backtest other = job(recording, config, parallelism, progress);
    return AlertReplay.of(other.findings(), owners, other.recorded().span().to());
  }

  Evaluation evaluation(List<Label> labels) throws IOException {
    return evaluation(labels, alerts);
  }

  /** Ours first, then the baselines. */
  List<DetectorScore> scores(List<Label> labels) throws IOException {
    List<DetectorScore> scores = new ArrayList<>();
    scores.add(DetectorScore.of(AlertReplay.DETECTOR, evaluation(labels)));
    for (Map.Entry<String, List<AlertSpan>> baseline : baselines.entrySet()) {
      scores.add(DetectorScore.of(baseline.getKey(), evaluation(labels, baseline.getValue())));
    }
    return scores;
  }

  private Evaluation evaluation(List<Label> labels, List<AlertSpan> raised) throws IOException {
    Recorded recorded = backtest.recorded();
    return Evaluation.of(labels, raised, recorded.hosts(), recorded.span());
  }

  /** All a report shows; reads the recording once more for what it draws. */
  Report report(
      String title,
      Path recording,
      List<Label> labels,
      @Nullable Comparison comparison,
      Progress progress)
      throws IOException {
    progress.begin("drawing");
    SeriesSource series = RecordedUsage.series(recording, keys(labels, alerts), progress::share);
    return Report.of(title, evaluation(labels), scores(labels), comparison, series);
  }

  private static Set<RecordedUsage.Key> keys(List<Label> labels, List<AlertSpan> alerts) {
    Set<RecordedUsage.Key> keys = new HashSet<>();
    for (Label label : labels) {
      for (String host : label.hostIds()) {
        keys.add(new RecordedUsage.Key(host, ""));
        label.callers().forEach(c -> keys.add(key(host, c.function(), c.module())));
      }
    }
    for (AlertSpan alert : alerts) {
      keys.add(key(alert.hostId(), alert.function(), alert.module()));
      alert.worstHostIds().forEach(h -> keys.add(key(h, alert.function(), alert.module())));
    }
    return keys;
  }

  private static RecordedUsage.Key key(String host, String function, String module) {
    return new RecordedUsage.Key(
        host, function.isEmpty() ? "" : new CallerName(function, module).toString());
  }

  /** What the reader says of the recording; else what went wrong first. */
  private static String why(ExecutionException failed, String recording) {
    Throwable cause = failed;
    while (cause.getCause() != null) {
      cause = cause.getCause();
      if (String.valueOf(cause.getMessage()).startsWith(recording)) {
        return cause.getMessage();
      }
    }
    return "the job failed: " + cause.getMessage();
  }

  private static Backtest job(
      Path recording, PipelineConfig config, int parallelism, Progress progress)
      throws IOException {
    Backtest backtest =
        over(recording, progress, read -> Backtest.run(recording, config, parallelism, read));
    return backtest.until(backtest.recorded().span().to().plus(config.window()));
  }

  /** A job over a recording; it is told whom to tell how many snapshots it has read. */
  @FunctionalInterface
  interface Job<T> {
    T run(LongConsumer read) throws Exception;
  }

  /**
   * Runs a job over a recording.
   *
   * @throws IOException if the recording cannot be read or the job fails; says why
   */
  static <T> T over(Path recording, Progress progress, Job<T> job) throws IOException {
    try {
      RecordingLength length = RecordingLength.of(recording);
      if (length.bytesLeftOver() > 0) {
        progress.tell(
            "%s breaks off: its last %,d bytes are no whole block and are left out"
                .formatted(recording.getFileName(), length.bytesLeftOver()));
      }
      double snapshots = length.snapshots();
      return job.run(read -> progress.share(read / snapshots));
    } catch (ExecutionException e) {
      throw new IOException(why(e, recording.getFileName().toString()), e);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the job did not run to its end: " + e.getMessage(), e);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.local.backtest.evaluation.AlertSpan;
import io.vmallocfleet.local.backtest.evaluation.Baseline;
import io.vmallocfleet.local.backtest.evaluation.DetectorScore;
import io.vmallocfleet.local.backtest.evaluation.Evaluation;
import io.vmallocfleet.local.backtest.evaluation.FixedThreshold;
import io.vmallocfleet.local.backtest.evaluation.Label;
import io.vmallocfleet.local.backtest.evaluation.Labels;
import io.vmallocfleet.local.backtest.evaluation.LeastSquaresGrowth;
import io.vmallocfleet.local.backtest.evaluation.Report;
import io.vmallocfleet.local.backtest.evaluation.ReportHtml;
import io.vmallocfleet.local.backtest.evaluation.ReportJson;
import io.vmallocfleet.local.backtest.evaluation.SeriesSource;
import io.vmallocfleet.local.backtest.evaluation.TrailingMad;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.usage.CallerName;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import javax.annotation.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what the job would have found in a recording. */
@Command(
    name = "backtest",
    description = {
      "Run the fleet-analytics job over a recording and say what it would have found.",
      "Takes the VMALLOC_PIPELINE_ settings of the job, so a setting can be tried on what has been."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BacktestCommand implements Runnable {
  @Parameters(
      paramLabel = "RECORDING",
      description = "Avro container file, as vmalloc-agent record writes it.")
  private Path recording;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "What is known to have happened: adds precision, recall and delays.")
  private @Nullable Path labels;

  @Option(
      names = "--baselines",
      description = "Judge three free detectors on the same data too; slow on large recordings.")
  private boolean withBaselines;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the report; the name ends in .html or .json.")
  private @Nullable Path report;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Tasks of each operator (default: the number of processors).")
  private int parallelism = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec;

  private final Map<String, String> environment;

  /**
   * @param environment holds the settings of the job
   */
  public BacktestCommand(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public void run() {
    if (parallelism < 1) {
      throw usage("--parallelism is " + parallelism + ": expected at least 1");
    }
    if (report != null && !isHtml(report) && !report.toString().endsWith(".json")) {
      throw usage("--report is " + report + ": expected a name that ends in .html or .json");
    }
    if (withBaselines && labels == null) {
      throw usage("--baselines needs --labels: without, there is nothing to judge them by");
    }
    if (report != null && labels == null && !isHtml(report)) {
      throw usage("a JSON report needs --labels: it holds scores");
    }
    PipelineConfig config;
    try {
      config = PipelineConfig.from(environment);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    try {
      run(config);
    } catch (IOException e) {
      throw new StackException(e.getMessage(), e);
    }
  }

  private void run(PipelineConfig config) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    var progress = new Progress(spec.commandLine().getErr());
    List<Label> known = labels == null ? List.of() : Labels.read(labels).labels();

    Map<String, Long> memory = new HashMap<>();
    List<Baseline> baselines =
        withBaselines
            ? List.of(
                new FixedThreshold(host -> memory.getOrDefault(host, 0L)),
                new LeastSquaresGrowth(),
                new TrailingMad())
            : List.of();
    progress.begin("reading");
    RecordedUsage recorded =
        RecordedUsage.of(
            recording,
            memory,
            usage -> baselines.forEach(baseline -> baseline.observe(usage)),
            progress::share);
    progress.begin("running the job");
    Backtest backtest = job(config, recorded, progress);
    List<AlertSpan> alerts = FindingEpisodes.of(backtest.findings(), recorded.span().to());

    Evaluation evaluation = evaluate(known, alerts, recorded);
    new FindingsTable(out).print(recorded, backtest, alerts);
    List<DetectorScore> scores = new ArrayList<>();
    scores.add(DetectorScore.of(FindingEpisodes.DETECTOR, evaluation));
    for (Baseline baseline : baselines) {
      List<AlertSpan> raised = baseline.alerts();
      String name = baseline.getClass().getSimpleName();
      scores.add(DetectorScore.of(name, evaluate(known, raised, recorded)));
    }
    if (labels != null) {
      new ScoreTable(out).print(scores, evaluation);
    }
    if (report != null) {
      progress.begin("drawing");
      SeriesSource series = RecordedUsage.series(recording, keys(known, alerts));
      Report content =
          Report.of(recording.getFileName().toString(), evaluation, scores, null, series);
      Files.writeString(
          report, isHtml(report) ? ReportHtml.text(content) : ReportJson.text(content));
      out.println("report: " + report);
    }
    progress.end();
    out.flush();
  }

  private Backtest job(PipelineConfig config, RecordedUsage recorded, Progress progress)
      throws IOException {
    try {
      double all = recorded.snapshots();
      return Backtest.run(recording, config, parallelism, read -> progress.share(read / all));
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      throw new IOException("the job failed: " + cause.getMessage(), e);
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the job could not be started: " + e.getMessage(), e);
    }
  }

  private static Evaluation evaluate(
      List<Label> known, List<AlertSpan> alerts, RecordedUsage recorded) throws IOException {
    return Evaluation.of(known, alerts, recorded.hosts(), recorded.span());
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

  private static boolean isHtml(Path file) {
    return file.toString().endsWith(".html");
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }
}

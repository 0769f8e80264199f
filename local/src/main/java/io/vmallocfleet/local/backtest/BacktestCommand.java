/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.alerts.Owners;
import io.vmallocfleet.local.backtest.evaluation.AlertSpan;
import io.vmallocfleet.local.backtest.evaluation.Comparison;
import io.vmallocfleet.local.backtest.evaluation.DetectorScore;
import io.vmallocfleet.local.backtest.evaluation.Evaluation;
import io.vmallocfleet.local.backtest.evaluation.Label;
import io.vmallocfleet.local.backtest.evaluation.Report;
import io.vmallocfleet.local.backtest.evaluation.ReportHtml;
import io.vmallocfleet.local.backtest.evaluation.ReportJson;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.record.RangeOptions;
import io.vmallocfleet.local.record.TopicRecording;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.pipeline.PipelineConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.annotation.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
  @ArgGroup(multiplicity = "1")
  private Input input;

  @Mixin private RangeOptions range;

  @Mixin private final KafkaOptions kafka;

  @Option(
      names = "--rules",
      paramLabel = "FILE",
      description = {
        "Settings of the job, one a line, over those of the environment:",
        "detection.floor = 32MiB."
      })
  private @Nullable Path rules;

  @Option(
      names = "--versus",
      paramLabel = "FILE",
      description =
          "Other such settings: say what would page more and what less than with --rules.")
  private @Nullable Path versus;

  @Option(
      names = "--owners",
      paramLabel = "FILE",
      description = "Who answers for which caller, as the alert routing takes it.")
  private @Nullable Path ownersFile;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "What is known to have happened: adds precision, recall and delays.")
  private @Nullable Path labels;

  @Option(names = "--baselines", description = "Judge three free detectors on the same data too.")
  private boolean withBaselines;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the report; the name ends in .html or .json.")
  private @Nullable Path report;

  @Option(
      names = "--footprint",
      description = {
        "Say what the job costs instead of what it finds: time, peak heap, and bytes of state a",
        "host and caller."
      })
  private boolean footprint;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Tasks of each operator (default: the number of processors).")
  private int parallelism = Runtime.getRuntime().availableProcessors();

  @Spec private CommandSpec spec;

  private final Map<String, String> environment;
  private Rules ours;
  private @Nullable Rules theirs;
  private Owners owners;
  private List<Label> known;

  /** A file, or what the topic holds. */
  private static final class Input {
    @Parameters(
        paramLabel = "RECORDING",
        description = "Avro container file, as simulate, record and vmalloc-agent record write it.")
    private @Nullable Path recording;

    @Option(names = "--topic", description = "What the snapshots topic holds, instead of a file.")
    private boolean topic;
  }

  /**
   * @param environment holds the settings of the job
   * @param runningStack bootstrap of the stack that is running here
   */
  public BacktestCommand(Map<String, String> environment, Supplier<String> runningStack) {
    this.environment = Map.copyOf(environment);
    this.kafka = new KafkaOptions(runningStack);
  }

  @Override
  public void run() {
    check();
    try {
      read();
      if (input.recording != null) {
        run(input.recording);
        return;
      }
      Path recording = Files.createTempFile("vmalloc-fleet-topic-", ".avro");
      try {
        if (TopicRecording.write(kafka.access(), range, recording, spec.commandLine().getErr())
            == 0) {
          throw new IOException("nothing to run the job over");
        }
        run(recording);
      } finally {
        Files.deleteIfExists(recording);
      }
    } catch (IOException e) {
      throw new StackException(e.getMessage(), e);
    }
  }

  private void check() {
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
    if (!input.topic && range.given()) {
      throw usage("--from and --to go with --topic");
    }
    range.check(spec);
  }

  /** Before hours of work: everything that could stop it at their end. */
  private void read() throws IOException {
    var assumptions = new Assumptions();
    ours = assumptions.rules(rules, environment);
    theirs = versus == null ? null : assumptions.rules(versus, environment);
    owners = assumptions.owners(ownersFile);
    known = assumptions.labels(labels);
    if (input.recording != null && !Files.isReadable(input.recording)) {
      assumptions.problem(input.recording + " is not there, or may not be read");
    }
    if (report != null && !Files.isDirectory(report.toAbsolutePath().getParent())) {
      assumptions.problem("--report is " + report + ": there is no such directory");
    }
    assumptions.check();
  }

  private void run(Path recording) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    var progress = new Progress(spec.commandLine().getErr());
    if (footprint) {
      out.print(footprint(recording, ours.config(), progress).text());
      out.flush();
      return;
    }
    Rehearsal rehearsal =
        Rehearsal.of(recording, ours.config(), owners, parallelism, withBaselines, progress);
    progress.end();
    new FindingsTable(out).print(rehearsal.backtest(), rehearsal.alerts());
    Evaluation evaluation = rehearsal.evaluation(known);
    List<DetectorScore> scores = rehearsal.scores(known);
    if (labels != null) {
      new ScoreTable(out).print(scores, evaluation);
    }
    Comparison comparison = null;
    if (theirs != null) {
      List<AlertSpan> others =
          rehearsal.alertsUnder(recording, theirs.config(), owners, parallelism, progress);
      comparison = Comparison.of(rehearsal.alerts(), others);
      out.printf("%nA is %s, B is %s%n%s", ours.name(), theirs.name(), comparison.text());
    }
    if (report != null) {
      String title = input.topic ? "vmalloc.snapshots" : recording.getFileName().toString();
      write(report, rehearsal.report(title, recording, known, comparison, progress));
      out.println("report: " + report);
    }
    progress.end();
    out.flush();
  }

  private Footprint footprint(Path recording, PipelineConfig config, Progress progress)
      throws IOException {
    progress.begin("running the job");
    try {
      return Rehearsal.over(
          recording, progress, read -> Footprint.of(recording, config, parallelism, read));
    } finally {
      progress.end();
    }
  }

  /** As HTML or JSON, as the name ends. */
  static void write(Path file, Report report) throws IOException {
    Files.writeString(file, isHtml(file) ? ReportHtml.text(report) : ReportJson.text(report));
  }

  private static boolean isHtml(Path file) {
    return file.toString().endsWith(".html");
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }
}

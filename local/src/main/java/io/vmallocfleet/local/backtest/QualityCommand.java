/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.local.backtest.evaluation.Labels;
import io.vmallocfleet.local.backtest.evaluation.QualityFile;
import io.vmallocfleet.local.backtest.evaluation.QualityFile.Result;
import io.vmallocfleet.local.backtest.evaluation.QualityGate;
import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.annotation.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Judges the detectors on the corpus. */
@Command(
    name = "quality",
    description = {
      "Simulate the corpus, run the job over it, and say how good the detectors are.",
      "Writes the published page and file, or checks that quality is not below them."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class QualityCommand implements Callable<Integer> {
  /** Exit code when quality fell. */
  private static final int FELL = 1;

  @Option(
      names = "--write",
      paramLabel = "DIR",
      description = "Write quality.md and quality.json there.")
  private @Nullable Path directory;

  @Option(
      names = "--check",
      paramLabel = "FILE",
      description =
          "Compare with these published results; exit 1 if quality fell below their noise.")
  private @Nullable Path published;

  @Option(names = "--small", description = "Only the small recordings, and one seed of them.")
  private boolean small;

  @Option(
      names = "--tuning",
      description = "The seeds for setting constants instead of the held-out ones.")
  private boolean tuning;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Only this seed, also one that the corpus does not list.")
  private List<Long> onlySeeds = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "SCENARIO",
      description = "Only these scenarios of the corpus.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--reports",
      paramLabel = "DIR",
      description = "Write the report of each recording there, as backtest does, HTML and JSON.")
  private @Nullable Path reports;

  @Option(
      names = "--generate",
      paramLabel = "DIR",
      description = "Write the recordings and their labels there and judge nothing.")
  private @Nullable Path generated;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    try {
      return run();
    } catch (IOException e) {
      throw new StackException(e.getMessage(), e);
    }
  }

  private int run() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Corpus corpus = Corpus.bundled();
    List<Long> seeds = tuning ? corpus.tuningSeeds() : corpus.heldOutSeeds();
    seeds = small ? seeds.subList(0, 1) : seeds;
    seeds = onlySeeds.isEmpty() ? seeds : onlySeeds;
    List<Corpus.Entry> entries =
        corpus.recordings().stream()
            .filter(e -> !small || e.small())
            .filter(e -> only.isEmpty() || only.contains(e.scenario()))
            .toList();
    if (generated != null) {
      generate(entries, seeds, generated);
      return 0;
    }
    QualityFile file = judge(corpus, entries, seeds);
    out.printf("total: %s%n", line(file.total()));
    file.baselines().forEach(b -> out.printf("%s: %s%n", b.scenario(), line(b)));
    out.flush();
    return published == null ? 0 : compare(QualityFile.read(published), file);
  }

  private QualityFile judge(Corpus corpus, List<Corpus.Entry> entries, List<Long> seeds)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    var run = new QualityRun();
    int done = 0;
    if (reports != null) {
      Files.createDirectories(reports);
    }
    Path recording = Files.createTempFile("vmalloc-fleet-corpus-", ".avro");
    try {
      for (long seed : seeds) {
        for (Corpus.Entry entry : entries) {
          err.printf(
              "recording %d of %d: %s, seed %d%n",
              ++done, entries.size() * seeds.size(), entry.scenario(), seed);
          var progress = new Progress(err);
          progress.begin("simulating");
          Labels labels = entry.generate(seed, recording, progress::share);
          Result result =
              run.judge(
                  entry,
                  seed,
                  recording,
                  labels.labels(),
                  !tuning,
                  Runtime.getRuntime().availableProcessors(),
                  reports,
                  progress);
          out.printf("%s, seed %d: %s%n", entry.scenario(), seed, line(result));
          out.flush();
          if (directory != null) {
            // After each: who stops it has what was measured.
            publish(run.file(), corpus, directory);
          }
        }
      }
    } finally {
      Files.deleteIfExists(recording);
    }
    return run.file();
  }

  private static void publish(QualityFile file, Corpus corpus, Path into) throws IOException {
    file.write(into.resolve("quality.json"));
    Files.writeString(into.resolve("quality.md"), new QualityPage(file, corpus).text());
  }

  private void generate(List<Corpus.Entry> entries, List<Long> seeds, Path into)
      throws IOException {
    Files.createDirectories(into);
    var progress = new Progress(spec.commandLine().getErr());
    for (long seed : seeds) {
      for (Corpus.Entry entry : entries) {
        String name = "%s-%d.avro".formatted(entry.scenario(), seed);
        progress.begin(name);
        entry
            .generate(seed, into.resolve(name), progress::share)
            .write(into.resolve(name + ".labels.json"));
      }
    }
    progress.end();
  }

  private int compare(QualityFile before, QualityFile now) {
    List<String> failures = QualityGate.check(before.only(now), now.only(before));
    PrintWriter err = spec.commandLine().getErr();
    failures.forEach(err::println);
    err.println(
        failures.isEmpty()
            ? "quality is not below what is published"
            : "quality fell: mend it, or publish the new figures with quality --write docs");
    err.flush();
    return failures.isEmpty() ? 0 : FELL;
  }

  private static String line(Result r) {
    return "found %d of %d incidents, %d true and %d false alerts, %d false pages in %.0f host-days"
        .formatted(
            r.found(),
            r.incidents(),
            r.trueAlerts(),
            r.falseAlerts(),
            r.falsePages(),
            r.hostDays());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vmallocfleet.local.stack.DataDirectory;
import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.annotation.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the pipeline against what the machine could do and what one would write first. */
@Command(
    name = "bench",
    description = {
      "Fill a topic of a broker of its own with a simulated fleet and measure, in turns, what it",
      "costs to read it: (a) bytes, discarded; (b) decoded and folded; (c) the whole job; (d) a sum",
      "by caller in Flink SQL; (e) the same over one record per area.",
      "Broker and each job run in JVMs of their own. Ratios count: other work slows all alike."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BenchCommand implements Runnable {
  private static final int QUICK_HOSTS = 1_000;
  private static final int QUICK_ROUNDS = 20;
  private static final int QUICK_RUNS = 3;

  @Option(
      names = "--quick",
      description = "A small topic and three runs: some two minutes, for a first look.")
  private boolean quick;

  @Option(
      names = "--runs",
      paramLabel = "N",
      description = "Measured runs of each (default: 5; 3 with --quick).")
  private @Nullable Integer runs;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      description =
          "Hosts (default: 2000; 1000 with --quick). Above 2000, hosts send what others do.")
  private @Nullable Integer hosts;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Snapshots of each host, a minute apart (default: 60; 20 with --quick).")
  private @Nullable Integer rounds;

  @Option(
      names = "--callers",
      paramLabel = "N",
      description = "Callers of a snapshot (default: as simulated, 60 to 100).")
  private int callers;

  @Option(
      names = "--areas",
      paramLabel = "N",
      description = "Areas of a snapshot (default: as simulated, some 800).")
  private int areas;

  @Option(
      names = "--cohorts",
      paramLabel = "N",
      description = "Kernel builds (default: as simulated).")
  private int cohorts;

  @Option(
      names = "--late",
      paramLabel = "PERCENT",
      description = "Snapshots that come three minutes after the others (default: 0).")
  private int late;

  @Option(
      names = "--only",
      paramLabel = "LETTERS",
      defaultValue = "abcde",
      description = "Which to run, such as abc (default: ${DEFAULT-VALUE}).")
  private String only;

  @Option(
      names = "--parallelism",
      paramLabel = "N",
      description = "Subtasks and partitions (default: processors, at most 4).")
  private @Nullable Integer parallelism;

  @Option(
      names = "--state",
      paramLabel = "hashmap|rocksdb",
      defaultValue = "hashmap",
      description = "Where Flink keeps state (default: ${DEFAULT-VALUE}).")
  private String state;

  @Option(
      names = "--flink",
      paramLabel = "KEY=VALUE",
      description = "A setting of Flink to try, as often as wanted.")
  private Map<String, String> flink = Map.of();

  @Option(
      names = "--heap",
      paramLabel = "SIZE",
      defaultValue = "1g",
      description = "Heap of each Flink process (default: ${DEFAULT-VALUE}).")
  private String heap;

  @Option(
      names = "--latency",
      paramLabel = "RATE",
      description = {
        "Measure instead how long after the watermark a finding is in its topic, while so many",
        "snapshots a second come in."
      })
  private @Nullable Integer latency;

  @Option(names = "--json", paramLabel = "FILE", description = "Write every run there as JSON.")
  private @Nullable Path json;

  @Option(names = "--picture", paramLabel = "FILE.svg", description = "Draw the costs there.")
  private @Nullable Path picture;

  @Option(
      names = "--profile",
      paramLabel = "DIR",
      description = {
        "Keep there where the processor time of the measured runs went, as a flame graph",
        "(LETTER.html) and as stacks (LETTER.collapsed), and the logs."
      })
  private @Nullable Path profile;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    Bench.Settings settings = settings();
    DataDirectory data = DataDirectory.temporary();
    try (data;
        var interruption = new Interruption(data)) {
      measure(settings, data, interruption);
    } catch (IOException e) {
      throw new StackException(e.getMessage(), e);
    }
  }

  private void measure(Bench.Settings settings, DataDirectory data, Interruption interruption)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (profile != null) {
      Files.createDirectories(profile);
    }
    var progress = new Progress(spec.commandLine().getErr());
    try {
      if (latency != null) {
        int perSecond = atLeast("--latency", latency, 1);
        out.println(new LatencyBench(settings, perSecond, progress).run(data.root()));
        return;
      }
      BenchResult result = new Bench(settings, progress).run(data.root());
      out.print(ResultTable.text(result));
      out.flush();
      write(result);
    } catch (IOException e) {
      if (!interruption.isRequested()) {
        throw e;
      }
    }
  }

  private void write(BenchResult result) throws IOException {
    if (json != null) {
      var mapper =
          new ObjectMapper()
              .registerModule(new JavaTimeModule())
              .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
              .enable(SerializationFeature.INDENT_OUTPUT);
      Files.writeString(json, mapper.writeValueAsString(result) + "\n");
    }
    if (picture != null) {
      Files.writeString(picture, ResultPicture.svg(result));
    }
  }

  private Bench.Settings settings() {
    var load =
        new Load(
            atLeast("--hosts", or(hosts, quick ? QUICK_HOSTS : 2_000), 1),
            atLeast("--rounds", or(rounds, quick ? QUICK_ROUNDS : 60), 2),
            atLeast("--callers", callers, 0),
            atLeast("--areas", areas, 0),
            atLeast("--cohorts", cohorts, 0),
            atLeast("--late", late, 0));
    if (late > 100) {
      throw usage("--late is %d: expected a percentage".formatted(late));
    }
    int processors = Math.min(4, Runtime.getRuntime().availableProcessors());
    if (!List.of("hashmap", "rocksdb").contains(state)) {
      throw usage("--state is %s: expected hashmap or rocksdb".formatted(state));
    }
    if (!heap.matches("[1-9][0-9]*[mg]")) {
      throw usage("--heap is %s: expected a size such as 1g or 768m".formatted(heap));
    }
    return new Bench.Settings(
        load,
        variants(),
        atLeast("--runs", or(runs, quick ? QUICK_RUNS : 5), 1),
        1,
        atLeast("--parallelism", or(parallelism, processors), 1),
        state,
        flink,
        heap,
        profile);
  }

  private List<Variant> variants() {
    List<Variant> variants = new ArrayList<>();
    for (String letter : only.split("")) {
      variants.add(
          Stream.of(Variant.values())
              .filter(v -> v.letter().equals(letter))
              .findFirst()
              .orElseThrow(
                  () -> usage("--only is %s: expected some of the letters abcde".formatted(only))));
    }
    return variants.stream().distinct().sorted().toList();
  }

  private int atLeast(String option, int value, int least) {
    if (value < least) {
      throw usage("%s is %d: expected %d or more".formatted(option, value, least));
    }
    return value;
  }

  private static int or(@Nullable Integer given, int otherwise) {
    return given == null ? otherwise : given;
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * Runs all benchmarks and prints one table: what a row, an area or a window costs, beside what the
 * least code that looks at every byte costs on the same bytes in the same run.
 *
 * <pre>
 * what             file                 rows    ns/row      ±      best    GB/s  of ceiling   heap B
 * parse            LINUX_5_8            1000      81.1     5%      79.9    1.18       10.3%      0.0
 * </pre>
 */
public final class Benchmarks {

  private static final String QUICK = "--quick";

  /** As the agent runs: its memory is the host's, and C2 would take more of it than it gives. */
  private static final List<String> C1 = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

  private static final List<String> C2 = List.of("-XX:+UseSerialGC");

  /** Avro asks for a logger; nothing here logs. */
  private static final String NO_LOGGER = "-Dslf4j.internal.verbosity=ERROR";

  private static final List<String> CEILINGS = List.of("sumOfLongs", "sumOfBytes");

  private final boolean quick;
  private final Map<String, Size> sizes = new HashMap<>();

  /** What one call works on. */
  private record Size(int rows, long bytes) {}

  private Benchmarks(boolean quick) {
    this.quick = quick;
  }

  public static void main(String[] args) throws RunnerException {
    List<String> arguments = List.of(args);
    if (!arguments.isEmpty() && !arguments.equals(List.of(QUICK))) {
      System.err.println("usage: java -jar benchmarks/target/benchmarks.jar [" + QUICK + "]");
      System.exit(2);
    }
    new Benchmarks(!arguments.isEmpty()).run();
  }

  private void run() throws RunnerException {
    String agent = "(Parser|Encoder)Benchmark";
    String pipeline = "(Fold|History|Detector)Benchmark";
    section("agent, C1 only, as it runs", agent, C1);
    if (!quick) {
      section("agent, C2, for comparison", agent, C2);
    }
    section("pipeline, C2", pipeline, C2);
  }

  private void section(String title, String benchmarks, List<String> jvm) throws RunnerException {
    System.out.println(title + ": measuring");
    Collection<RunResult> results = new Runner(options(benchmarks, jvm)).run();
    System.out.println();
    System.out.printf("%s (%s)%n", title, String.join(" ", jvm));
    System.out.printf(
        "%-16s %-18s %6s %9s %6s %9s %7s %11s %8s%n",
        "what", "file", "rows", "ns/row", "±", "best", "GB/s", "of ceiling", "heap B");
    Map<String, Double> ceilings = new HashMap<>();
    for (RunResult result : results) {
      if (CEILINGS.contains(name(result))) {
        ceilings.put(input(result), best(result));
      }
    }
    for (RunResult result : results) {
      print(result, ceilings.get(input(result)));
    }
    System.out.println();
  }

  private Options options(String benchmarks, List<String> jvm) {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(benchmarks)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .jvmArgs(jvm.toArray(String[]::new))
            .jvmArgsAppend(NO_LOGGER);
    if (quick) {
      options
          .param("capture", Capture.LINUX_5_8.name(), Capture.LINUX_6_18_HASHED.name())
          .forks(1)
          .warmupIterations(jvm.equals(C1) ? 5 : 20) // C2 comes late
          .warmupTime(TimeValue.milliseconds(150))
          .measurementIterations(7)
          .measurementTime(TimeValue.milliseconds(150));
    } else {
      options
          .forks(3)
          .warmupIterations(5)
          .warmupTime(TimeValue.milliseconds(500))
          .measurementIterations(7)
          .measurementTime(TimeValue.milliseconds(500));
    }
    return options.build();
  }

  private void print(RunResult result, Double ceiling) {
    Size size = size(result);
    double nanos = median(result);
    System.out.printf(
        "%-16s %-18s %6s %9.1f %5.0f%% %9.1f %7s %11s %8.1f%n",
        name(result),
        parameter(result, "capture", "-"),
        parameter(result, "rows", "-"),
        nanos / size.rows(),
        spread(result),
        best(result) / size.rows(),
        size.bytes() == 0 ? "-" : String.format("%.2f", size.bytes() / nanos),
        ceiling == null ? "-" : String.format("%.1f%%", 100 * ceiling / best(result)),
        allocated(result) / size.rows());
  }

  private Size size(RunResult result) {
    return sizes.computeIfAbsent(input(result), input -> measure(result));
  }

  /** Rows and bytes of the text for the parser, of the snapshot for all that handle snapshots. */
  private static Size measure(RunResult result) {
    if (parameter(result, "rows", "").isEmpty()) {
      return new Size(1, 0);
    }
    Capture capture = Capture.valueOf(parameter(result, "capture", ""));
    int rows = Integer.parseInt(parameter(result, "rows", ""));
    Corpus corpus = Corpus.of(capture, rows);
    boolean text = result.getParams().getBenchmark().contains("Parser");
    return new Size(
        rows,
        text
            ? corpus.text().length
            : Snapshot.of(corpus.table(capture), new SnapshotEncoder(true)).length);
  }

  private static String name(RunResult result) {
    return result.getPrimaryResult().getLabel();
  }

  /** Names the bytes a benchmark works on: its class and parameters. */
  private static String input(RunResult result) {
    String benchmark = result.getParams().getBenchmark();
    return benchmark.substring(0, benchmark.lastIndexOf('.'))
        + parameter(result, "capture", "")
        + parameter(result, "rows", "");
  }

  private static String parameter(RunResult result, String key, String otherwise) {
    String value = result.getParams().getParam(key);
    return value == null ? otherwise : value;
  }

  /** Nanoseconds a call. */
  private static double median(RunResult result) {
    return statistics(result).getPercentile(50);
  }

  /** Nanoseconds a call in the iteration that was disturbed least. */
  private static double best(RunResult result) {
    return statistics(result).getMin();
  }

  /** Half the distance of the quartiles, in percent of the median. */
  private static double spread(RunResult result) {
    Statistics all = statistics(result);
    return 50 * (all.getPercentile(75) - all.getPercentile(25)) / all.getPercentile(50);
  }

  private static Statistics statistics(RunResult result) {
    return result.getPrimaryResult().getStatistics();
  }

  /** Bytes of heap a call. */
  private static double allocated(RunResult result) {
    return result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
  }
}

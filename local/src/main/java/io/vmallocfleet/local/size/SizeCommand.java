/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.size;

import io.vmallocfleet.local.options.DurationOption;
import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.annotation.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Says what a fleet needs of Kafka and Flink, and why. */
@Command(
    name = "size",
    description = {
      "What a fleet needs of Kafka and Flink, each number with its formula. The constants in them are",
      "measured by bench; docs/performance.md says on which machine."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SizeCommand implements Runnable {
  @Option(names = "--hosts", paramLabel = "N", required = true, description = "Hosts.")
  private long hosts;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      defaultValue = "1m",
      converter = DurationOption.class,
      description = "From one snapshot of a host to the next (default: ${DEFAULT-VALUE}).")
  private Duration interval;

  @Option(
      names = "--callers",
      paramLabel = "C",
      defaultValue = "80",
      description = "Callers of a host (default: ${DEFAULT-VALUE}).")
  private int callers;

  @Option(
      names = "--areas",
      paramLabel = "A",
      defaultValue = "800",
      description = "Areas of a host (default: ${DEFAULT-VALUE}).")
  private int areas;

  @Option(
      names = "--measured",
      paramLabel = "FILE",
      description = "What bench --json wrote on your machine, instead of the published figures.")
  private @Nullable Path measured;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    Fleet fleet;
    try {
      fleet = new Fleet(hosts, interval, callers, areas);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    var estimate = new Estimate(fleet, costs());
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%,d hosts every %d s, %d callers and %,d areas each: %,.0f snapshots/s, %,.0f areas/s%n",
        fleet.hosts(),
        fleet.interval().toSeconds(),
        fleet.callers(),
        fleet.areas(),
        fleet.snapshotsPerSecond(),
        fleet.snapshotsPerSecond() * fleet.areas());
    print(out, "Flink", estimate.flink());
    print(out, "Kafka", estimate.kafka());
    if (measured == null) {
      out.printf(
          "%nBy figures of two quiet processors, see docs/performance.md:%n"
              + "bench --only abc --json FILE, then size --measured FILE, goes by your own.%n");
    }
    out.flush();
  }

  private MeasuredCosts costs() {
    try {
      return measured == null ? MeasuredCosts.PUBLISHED : MeasuredCosts.of(measured);
    } catch (IOException e) {
      throw new StackException(e.getMessage(), e);
    }
  }

  private static void print(PrintWriter out, String part, List<Estimate.Line> lines) {
    out.printf(Locale.ROOT, "%n%s%n", part);
    lines.forEach(
        l -> out.printf(Locale.ROOT, "  %-12s %12s   %s%n", l.what(), l.amount(), l.why()));
  }
}

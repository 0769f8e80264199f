/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulate;

import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.local.backtest.evaluation.Labels;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.options.DurationOption;
import io.vmallocfleet.local.simulation.host.Delivered;
import io.vmallocfleet.local.simulation.scenario.FleetPlan;
import io.vmallocfleet.local.simulation.scenario.Scenario;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.settings.Settings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.annotation.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Makes up a fleet, what happens to it, and the labels that say so. */
@Command(
    name = "simulate",
    description = {
      "Simulate a fleet and what a scenario does to it, and write its snapshots in the"
          + " order of their arrival, with labels beside them that say what happened where"
          + " and when it could be seen. The same options give the same snapshots."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SimulateCommand implements Runnable {
  /** A Monday. */
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  private static final String TOPIC = "topic";
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(2);

  @Option(
      names = "--scenario",
      paramLabel = "FILE|NAME",
      description = "What happens; several may happen at once. None is an ordinary fleet.")
  private List<String> scenarios = new ArrayList<>();

  @Option(names = "--list", description = "List the bundled scenarios and exit.")
  private boolean list;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      description = "Hosts (default: as the scenario says, or 60).")
  private @Nullable Integer hosts;

  @Option(
      names = "--duration",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      description = "Simulated time, such as 3d (default: as the scenario says, or 3d).")
  private @Nullable Duration duration;

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      defaultValue = "5m",
      converter = DurationOption.class,
      description = "Time between two readings of a host (default: ${DEFAULT-VALUE}).")
  private Duration interval;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Another seed is another fleet (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--start",
      paramLabel = "TIME",
      description =
          "First moment, such as 2026-03-02T00:00:00Z (default: that; for a topic, so that it ends now).")
  private @Nullable Instant start;

  @Option(
      names = "--live",
      description =
          "With -o topic: begin now, and send each snapshot when its time comes, beside hosts that live.")
  private boolean live;

  @Option(
      names = "-o",
      paramLabel = "FILE|topic",
      description =
          "Recording to write, or the word topic: the snapshots topic. Without it, nothing is written.")
  private @Nullable String output;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = "Where labels go (default: RECORDING.labels.json).")
  private @Nullable Path labels;

  @Mixin private final KafkaOptions kafka;

  @Spec private CommandSpec spec;

  /**
   * @param runningStack bootstrap of the stack that is running here
   */
  public SimulateCommand(Supplier<String> runningStack) {
    this.kafka = new KafkaOptions(runningStack);
  }

  @Override
  public void run() {
    try {
      if (list) {
        list();
      } else {
        simulate();
      }
    } catch (IOException e) {
      throw new StackException(e.getMessage(), e);
    }
  }

  private void list() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (String name : Scenario.names()) {
      Scenario scenario = Scenario.find(name);
      out.printf(
          "%-20s %4d hosts, %-4s %s%n",
          name, scenario.hosts(), scenario.duration(), scenario.about());
    }
    out.flush();
  }

  private void simulate() throws IOException {
    List<FleetPlan.Named> named = named();
    int count =
        hosts != null ? hosts : named.stream().mapToInt(n -> n.scenario().hosts()).max().orElse(60);
    Duration length =
        duration != null
            ? duration
            : named.stream()
                .map(n -> Settings.parseDuration(n.scenario().duration()))
                .max(Duration::compareTo)
                .orElse(Duration.ofDays(3));
    if (count < 1 || count > 100_000) {
      throw usage("--hosts is " + count + ": expected 1 to 100000");
    }
    if (length.compareTo(interval) < 0) {
      throw usage("--duration is shorter than --interval");
    }
    boolean toTopic = TOPIC.equals(output);
    if (live && (!toTopic || start != null)) {
      throw usage("--live begins now and sends: expected -o topic with it, and no --start");
    }
    Instant begin = begin(toTopic, length);
    FleetPlan plan;
    try {
      plan = FleetPlan.of(named, count, begin, length, seed);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    var simulation = new FleetSimulation(plan, begin, length, interval, seed);
    if (output == null) {
      run(simulation, snapshot -> {});
    } else if (toTopic) {
      publish(simulation);
    } else {
      try (var recording = SnapshotRecording.create(Path.of(output), seed)) {
        run(simulation, recording::append);
      }
    }
    writeLabels(simulation, toTopic);
  }

  private Instant begin(boolean toTopic, Duration length) {
    if (live) {
      return Instant.now();
    }
    if (start != null) {
      return start;
    }
    return toTopic ? Instant.now().minus(length).truncatedTo(ChronoUnit.MINUTES) : START;
  }

  /**
   * @throws IOException with all that is wrong with any of the scenarios
   */
  private List<FleetPlan.Named> named() throws IOException {
    List<FleetPlan.Named> named = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String scenario : scenarios) {
      try {
        named.add(new FleetPlan.Named(nameOf(scenario), Scenario.find(scenario)));
      } catch (IOException e) {
        problems.add(e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new IOException(String.join("\n", problems));
    }
    return named;
  }

  private void publish(FleetSimulation simulation) throws IOException {
    KafkaAccess access = kafka.access();
    try (var publisher = new SnapshotPublisher(access.bootstrap(), access.properties())) {
      run(
          simulation,
          s -> {
            if (live) {
              await(s.arrivesAtMicros());
            }
            publisher.put(new Outgoing(s.hostId(), s.snapshot(), s.takenAtMicros(), 0));
          });
      publisher.flush();
      if (publisher.dropped() > 0) {
        throw new IOException(
            "%d snapshots did not reach %s".formatted(publisher.dropped(), access.bootstrap()));
      }
    }
  }

  /** Until the clock shows that moment: a simulation that falls behind does not wait. */
  private static void await(long epochMicros) throws InterruptedIOException {
    long left = epochMicros - ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    if (left > 0) {
      try {
        TimeUnit.MICROSECONDS.sleep(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while simulating");
      }
    }
  }

  private void run(FleetSimulation simulation, FleetSimulation.Sink sink) throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long processorBefore = threads.getCurrentThreadCpuTime();
    long begun = System.nanoTime();
    long[] toldAt = {begun};
    long[] snapshots = {0};
    long[] bytes = {0};
    simulation.run(
        (Delivered s) -> {
          snapshots[0]++;
          bytes[0] += s.snapshot().length;
          sink.accept(s);
        },
        share -> {
          long now = System.nanoTime();
          if (!live && now - toldAt[0] >= PROGRESS_NANOS) {
            toldAt[0] = now;
            double seconds = (now - begun) / 1e9;
            err.printf(
                "simulating: %.0f %%, %,.0f snapshots/s, %.0f s left%n",
                100 * share, snapshots[0] / seconds, seconds / share - seconds);
            err.flush();
          }
        });
    double seconds = (System.nanoTime() - begun) / 1e9;
    double processor = (threads.getCurrentThreadCpuTime() - processorBefore) / 1e9;
    err.printf(
        "%,d snapshots of %,.1f KiB on average in %.1f s: %,.0f snapshots/s, %,.0f a second of"
            + " processor time%n",
        snapshots[0],
        bytes[0] / 1024.0 / snapshots[0],
        seconds,
        snapshots[0] / seconds,
        snapshots[0] / processor);
    err.flush();
  }

  private void writeLabels(FleetSimulation simulation, boolean toTopic) throws IOException {
    Path file = labels;
    if (file == null && output != null && !toTopic) {
      file = Path.of(output + ".labels.json");
    }
    PrintWriter err = spec.commandLine().getErr();
    if (file != null) {
      new Labels(simulation.labels()).write(file);
      err.printf("%d labels to %s%n", simulation.labels().size(), file);
    }
    if (simulation.invisible() > 0) {
      err.printf(
          "%d incidents never rose above the noise: make them larger or longer%n",
          simulation.invisible());
    }
    err.flush();
  }

  private static String nameOf(String scenario) {
    return Path.of(scenario).getFileName().toString().replaceFirst("\\.ya?ml$", "");
  }

  private ParameterException usage(String problem) {
    return new ParameterException(spec.commandLine(), problem);
  }
}

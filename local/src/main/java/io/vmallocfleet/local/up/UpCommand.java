/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.up;

import io.vmallocfleet.local.options.DurationOption;
import io.vmallocfleet.local.records.TopicTail;
import io.vmallocfleet.local.simulation.Misbehaviour;
import io.vmallocfleet.local.simulation.SimulatedFleet;
import io.vmallocfleet.local.stack.DataDirectory;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.local.view.FleetReader;
import io.vmallocfleet.local.view.LiveView;
import io.vmallocfleet.local.view.Run;
import io.vmallocfleet.local.view.Terminal;
import io.vmallocfleet.pipeline.delivery.DeliverySettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Starts the whole product in this process and shows what it finds, until stopped. */
@Command(
    name = "up",
    description = {
      "Start Kafka, Flink with both jobs, and an agent on this host's /proc/vmallocinfo, in one"
          + " process, and show what they find.",
      "Ctrl-C stops everything in order. Start again with the same --data to go on."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class UpCommand implements Callable<Integer> {
  private static final int HOSTS_TO_INJECT_INTO = 10;
  private static final Duration POLL = Duration.ofMillis(200);

  @Option(
      names = "--interval",
      paramLabel = "DURATION",
      defaultValue = "5s",
      converter = DurationOption.class,
      description = "Time between two readings of the file (default: ${DEFAULT-VALUE}).")
  private Duration interval;

  @Option(
      names = "--window",
      paramLabel = "DURATION",
      defaultValue = "10s",
      converter = DurationOption.class,
      description = "Length of the windows (default: ${DEFAULT-VALUE}).")
  private Duration window;

  @Option(
      names = "--for",
      paramLabel = "DURATION",
      converter = DurationOption.class,
      description = "Stop by itself after that long, such as 90s or 3m.")
  private Duration limit;

  @Option(
      names = "--hosts",
      paramLabel = "N",
      description = "Add N simulated hosts, named sim-001 and so on, made from real captures.")
  private Integer hosts;

  @Option(
      names = "--inject",
      paramLabel = "leak|jump",
      description =
          "Let one simulated host misbehave; adds "
              + HOSTS_TO_INJECT_INTO
              + " hosts unless --hosts says otherwise.")
  private Misbehaviour inject;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keep everything in DIR and go on from what is there; without it, nothing is" + " kept.")
  private Path data;

  @Option(
      names = "--kafka-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the broker on 127.0.0.1 (default: a free one).")
  private int kafkaPort;

  @Option(
      names = "--ui-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of Flink's web UI on 127.0.0.1 (default: a free one).")
  private int uiPort;

  @Option(
      names = "--console-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Port of the web console on 127.0.0.1 (default: a free one).")
  private int consolePort;

  @Option(
      names = "--sql-port",
      paramLabel = "PORT",
      defaultValue = "0",
      description =
          "Port of the SQL gateway on 127.0.0.1, for JDBC and REST (default: a free one).")
  private int sqlPort;

  @Option(
      names = "--alertmanager",
      paramLabel = "URL",
      converter = AddressOption.class,
      description =
          "Tell this Alertmanager of every alert, such as http://127.0.0.1:9093; repeat it for"
              + " every peer.")
  private List<URI> alertmanagers = List.of();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    UpSettings settings = settings();
    Clock clock = Clock.systemUTC();
    try (var shutdown = new OrderlyShutdown();
        DataDirectory directory = openData();
        var view = new LiveView(Terminal.standardOutput(System.getenv()), clock)) {
      directory.receiveLogs();
      return run(settings, directory, view, shutdown, clock);
    }
  }

  private Integer run(
      UpSettings settings,
      DataDirectory directory,
      LiveView view,
      OrderlyShutdown shutdown,
      Clock clock)
      throws Exception {
    Instant startedAt = clock.instant();
    ThisHost thisHost = ThisHost.find(directory.root());
    try (var stack = LocalStack.start(settings, thisHost, directory, clock, view::progress);
        var reader = new FleetReader(stack.bootstrap(), TopicTail.From.END)) {
      var run =
          new Run(
              stack.console().toString(),
              stack.bootstrap(),
              stack.sql(),
              directory.root(),
              startedAt,
              settings.window(),
              settings.interval(),
              thisHost.identity().id(),
              thisHost.whySample().orElse(null));
      view.started(run);
      view.progress(waiting(settings, stack));
      while (!shutdown.isRequested() && !isOver(startedAt, clock)) {
        Optional<Throwable> failure = stack.failure();
        if (failure.isPresent()) {
          view.failed();
          directory.keep();
          throw new StackException(
              "%s; the log is %s".formatted(failure.get(), directory.logFile()), failure.get());
        }
        view.show(run, reader.poll(POLL));
      }
      return 0;
    }
  }

  private UpSettings settings() {
    int simulated = hosts != null ? hosts : inject != null ? HOSTS_TO_INJECT_INTO : 0;
    if (simulated < 0 || simulated > 10_000) {
      throw new ParameterException(
          spec.commandLine(), "--hosts is " + hosts + ": expected 0 to 10000");
    }
    if (inject != null && simulated == 0) {
      throw new ParameterException(
          spec.commandLine(), "--inject needs a simulated host: give --hosts 1 or more");
    }
    return new UpSettings(
        interval,
        window,
        simulated,
        Optional.ofNullable(inject),
        kafkaPort,
        uiPort,
        consolePort,
        sqlPort,
        alertmanagers);
  }

  private DataDirectory openData() {
    return data == null ? DataDirectory.temporary() : DataDirectory.open(data);
  }

  private boolean isOver(Instant startedAt, Clock clock) {
    return limit != null && !clock.instant().isBefore(startedAt.plus(limit));
  }

  private static String waiting(UpSettings settings, LocalStack stack) {
    String injected =
        settings
            .inject()
            .map(
                how ->
                    ", %s will %s %s"
                        .formatted(
                            SimulatedFleet.misbehavingHost(settings.hosts()), how, how.caller()))
            .orElse("");
    return "waiting for the first window of %d s%s%s"
        .formatted(
            settings.window().toSeconds(),
            stack.resumed() ? ", going on from the last run" : "",
            injected);
  }

  /** An address without credentials in it. */
  static final class AddressOption implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
      try {
        return DeliverySettings.address(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.up;

import io.vmallocfleet.agent.AgentConfig;
import io.vmallocfleet.agent.HostAgent;
import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.console.Console;
import io.vmallocfleet.console.ConsoleSettings;
import io.vmallocfleet.console.feed.KafkaConnection;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.simulation.SimulatedFleet;
import io.vmallocfleet.local.sql.QueryGateway;
import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.local.stack.DataDirectory;
import io.vmallocfleet.local.stack.FlinkCluster;
import io.vmallocfleet.local.stack.FlinkJob;
import io.vmallocfleet.local.stack.FlinkSettings;
import io.vmallocfleet.local.stack.RunningStack;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.pipeline.AlertRoutingJob;
import io.vmallocfleet.pipeline.FleetAnalyticsJob;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The whole product in this process: Kafka, Flink with both jobs, the agent, and simulated hosts if
 * asked for. Closing stops them in the order in which data flows, so that the next start on the
 * same directory goes on where this one ended.
 */
final class LocalStack implements AutoCloseable {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final int JOBS = 2;

  /** What was started, with the name of the step that stops it; last first. */
  private final Deque<Part> parts = new ArrayDeque<>();

  private final Consumer<String> progress;
  private Broker broker;
  private FlinkCluster flink;
  private FlinkJob job;
  private FlinkJob routing;
  private Console console;
  private QueryGateway sql;

  private record Part(String stopping, AutoCloseable part) {}

  private LocalStack(Consumer<String> progress) {
    this.progress = progress;
  }

  /**
   * Starts everything. What had been started is stopped again if something fails.
   *
   * @param progress told each step as it begins
   */
  static LocalStack start(
      UpSettings settings,
      ThisHost thisHost,
      DataDirectory data,
      Clock clock,
      Consumer<String> progress)
      throws Exception {
    var stack = new LocalStack(progress);
    try {
      stack.startKafka(settings, data);
      stack.startFlink(settings, data);
      stack.startSql(settings, data);
      stack.startHosts(settings, thisHost, clock);
      stack.startConsole(settings, clock);
      stack.startRouting(settings, clock);
      stack.publish(data);
      stack.sql.warmUp();
      return stack;
    } catch (Exception e) {
      try {
        stack.close();
      } catch (StackException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
  }

  String bootstrap() {
    return broker.bootstrap();
  }

  URI ui() {
    return flink.ui();
  }

  /** Where the SQL gateway listens. */
  URI sql() {
    return sql.address();
  }

  /** Where a browser finds the console. */
  URI console() {
    return console.url();
  }

  /** Whether the job took up state of an earlier run. */
  boolean resumed() {
    return job.resumedFrom().isPresent();
  }

  /** Why the stack can no longer work, if so. */
  Optional<Throwable> failure() {
    return broker.failure().or(job::failure).or(routing::failure);
  }

  /** Lets other commands of this user find the stack until it is closed. */
  private void publish(DataDirectory data) {
    AutoCloseable published =
        RunningStack.here(bootstrap(), ui(), sql.address(), data.root())
            .publishIn(RunningStack.directory(System.getenv()));
    parts.push(new Part("leaving", published));
  }

  /**
   * Stops every part, also those behind one that fails.
   *
   * @throws StackException with what failed first
   */
  @Override
  public void close() {
    StackException failure = null;
    while (!parts.isEmpty()) {
      Part part = parts.pop();
      progress.accept(part.stopping());
      try {
        part.part().close();
      } catch (Exception e) {
        if (failure == null) {
          failure = new StackException(part.stopping() + " failed: " + e.getMessage(), e);
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private void startKafka(UpSettings settings, DataDirectory data) {
    progress.accept("starting Kafka");
    broker = Broker.start(new BrokerSettings(data.kafka(), settings.kafkaPort()));
    parts.push(new Part("stopping Kafka", broker));
    try (var admin = new TopicAdmin(KafkaAccess.open(broker.bootstrap()))) {
      admin.createMissing(TopicAdmin.wanted(UpSettings.PARALLELISM, (short) 1));
    }
  }

  private void startFlink(UpSettings settings, DataDirectory data) throws Exception {
    progress.accept("starting Flink");
    flink =
        FlinkCluster.start(
            new FlinkSettings(
                data.flink(),
                settings.uiPort(),
                JOBS * UpSettings.PARALLELISM + UpSettings.SQL_SLOTS,
                UpSettings.CHECKPOINT_INTERVAL));
    parts.push(new Part("stopping Flink", flink));
    progress.accept("starting job " + FleetAnalyticsJob.NAME);
    job =
        flink.submit(
            FleetAnalyticsJob.NAME,
            env -> {
              env.setParallelism(UpSettings.PARALLELISM);
              FleetAnalyticsJob.define(env, settings.pipeline(broker.bootstrap()));
            });
    parts.push(new Part("stopping the jobs", () -> flink.stopJobs(STOP_LIMIT)));
  }

  private void startRouting(UpSettings settings, Clock clock) throws Exception {
    progress.accept("starting job " + AlertRoutingJob.NAME);
    routing =
        flink.submit(
            AlertRoutingJob.NAME,
            env -> {
              env.setParallelism(UpSettings.PARALLELISM);
              AlertRoutingJob.define(
                  env, settings.routing(broker.bootstrap(), console.url()), clock.millis());
            });
  }

  private void startSql(UpSettings settings, DataDirectory data) {
    progress.accept("starting the SQL gateway");
    sql =
        QueryGateway.start(
            KafkaAccess.open(broker.bootstrap()),
            flink.ui(),
            data.flink().resolve("checkpoints").resolve("sql"),
            settings.sqlPort());
    parts.push(new Part("stopping the SQL gateway", sql));
  }

  private void startHosts(UpSettings settings, ThisHost thisHost, Clock clock) {
    progress.accept("starting the agent");
    var publisher = new SnapshotPublisher(broker.bootstrap(), Map.of());
    parts.push(new Part("sending what is under way", publisher));
    var config =
        new AgentConfig(
            broker.bootstrap(), Map.of(), thisHost.file(), settings.interval(), Map.of(), true);
    parts.push(
        new Part(
            "stopping the agent", HostAgent.start(thisHost.identity(), config, publisher, clock)));
    if (settings.hosts() > 0) {
      parts.push(
          new Part(
              "stopping the simulated hosts",
              new SimulatedFleet(
                  settings.hosts(), settings.inject(), settings.interval(), clock, publisher)));
    }
  }

  private void startConsole(UpSettings settings, Clock clock) {
    progress.accept("starting the console");
    try {
      console =
          Console.start(
              new ConsoleSettings(
                  new KafkaConnection(broker.bootstrap(), Map.of()),
                  "127.0.0.1",
                  settings.consolePort(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(flink.ui()),
                  Optional.of(sql.address())),
              clock);
    } catch (IllegalStateException e) {
      throw new StackException(e.getMessage(), e);
    }
    parts.push(new Part("stopping the console", console));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import io.vmallocfleet.pipeline.deploy.RestorePoint;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * A real Flink cluster in this JVM, with its web UI: one JobManager, one TaskManager.
 *
 * <p><b>Restart:</b> a job is known by its name. Submitted again on the same directory it resumes
 * from its newest savepoint or checkpoint, which the new run then owns and discards once it has
 * made its own. State that fits no operator of the job fails it; nothing is left behind silently.
 */
public final class FlinkCluster implements AutoCloseable {
  private static final Pattern JOB_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 ._-]*");
  private static final Duration SUBMIT_LIMIT = Duration.ofSeconds(60);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(20);

  private final MiniCluster cluster;
  private final Configuration configuration;
  private final Path directory;
  private final URI ui;
  private final List<FlinkJob> jobs = new CopyOnWriteArrayList<>();

  private FlinkCluster(MiniCluster cluster, Configuration configuration, Path directory, URI ui) {
    this.cluster = cluster;
    this.configuration = configuration;
    this.directory = directory;
    this.ui = ui;
  }

  /** Sources, operators and sinks of a job, written into the environment it is given. */
  @FunctionalInterface
  public interface Definition {
    void define(StreamExecutionEnvironment env) throws Exception;
  }

  /**
   * Starts the cluster and returns once its REST endpoint answers.
   *
   * @throws StackException when the port is taken or the directory cannot be used
   */
  public static FlinkCluster start(FlinkSettings settings) {
    Configuration configuration = configuration(settings);
    try {
      Path temporary = settings.directory().resolve("tmp");
      DataDirectory.delete(temporary);
      Files.createDirectories(temporary);
      // Flink says which port it could not get, deep in a chain of causes; ask before it does.
      Loopback.listen(settings.uiPort(), "Flink's web UI").close();
    } catch (IOException e) {
      throw new StackException(
          "Flink cannot use %s: %s".formatted(settings.directory(), e.getMessage()), e);
    }
    var cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(settings.slots())
                .build());
    try {
      cluster.start();
      URI ui = cluster.getRestAddress().get(SUBMIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      return new FlinkCluster(cluster, configuration, settings.directory(), ui);
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      cluster.closeAsync();
      throw new StackException("Flink did not start: " + e.getMessage(), e);
    }
  }

  /** Where a browser finds the web UI, as {@code http://127.0.0.1:8081}. */
  public URI ui() {
    return ui;
  }

  /** Every job submitted here, ended or not, in order of submission. */
  public List<FlinkJob> jobs() {
    return List.copyOf(jobs);
  }

  /**
   * Defines a job and starts it, from the newest state of its name if there is any. Returns when
   * the cluster has accepted it; a job that then cannot run tells so in {@link FlinkJob#failure()}.
   *
   * @param name letters, digits, space, dot, underscore, hyphen: also the name of its directories
   */
  public FlinkJob submit(String name, Definition definition) throws Exception {
    if (!JOB_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "job name is \"%s\": expected letters, digits, spaces, dots, underscores, hyphens"
              .formatted(name));
    }
    if (jobs.stream().anyMatch(j -> j.name().equals(name) && !j.status().isTerminalState())) {
      throw new IllegalArgumentException("job \"%s\" is already running".formatted(name));
    }
    Path checkpoints = directory.resolve("checkpoints").resolve(name);
    Path savepoints = directory.resolve("savepoints").resolve(name);
    Optional<RestorePoint> newest = newestIn(checkpoints, savepoints);

    var forThisJob = new Configuration(configuration);
    forThisJob.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
    newest.ifPresent(
        point -> {
          forThisJob.set(StateRecoveryOptions.SAVEPOINT_PATH, point.uri());
          forThisJob.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
          forThisJob.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, false);
        });
    var env = new StreamExecutionEnvironment(forThisJob);
    definition.define(env);
    StreamGraph graph = env.getStreamGraph();
    graph.setJobName(name);
    graph.setJobId(new JobID());
    var submitted = cluster.submitJob(graph).get(SUBMIT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    var job = new FlinkJob(cluster, submitted.getJobID(), name, savepoints, newest);
    jobs.add(job);
    return job;
  }

  private static Optional<RestorePoint> newestIn(Path checkpoints, Path savepoints) {
    try {
      return RestorePoint.newestIn(List.of(checkpoints, savepoints));
    } catch (IOException e) {
      throw new StackException(e.getMessage(), e);
    }
  }

  /** Stops all jobs at once, each as {@link FlinkJob#stop} does. */
  public void stopJobs(Duration limit) {
    CompletableFuture.allOf(
            jobs.stream()
                .map(
                    job ->
                        CompletableFuture.runAsync(
                            () -> job.stop(limit),
                            // The common pool may have fewer threads than there are jobs.
                            task -> new Thread(task, "stop " + job.name()).start()))
                .toArray(CompletableFuture<?>[]::new))
        .join();
  }

  /**
   * Ends the cluster at once. Jobs that still run keep their newest checkpoint only; call {@link
   * #stopJobs} first to give each a savepoint.
   */
  @Override
  public void close() {
    try {
      cluster.closeAsync().get(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StackException("Flink did not end within " + CLOSE_LIMIT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Configuration configuration(FlinkSettings settings) {
    var conf = new Configuration();
    conf.set(RestOptions.ADDRESS, Loopback.ADDRESS);
    conf.set(RestOptions.BIND_ADDRESS, Loopback.ADDRESS);
    conf.set(RestOptions.PORT, settings.uiPort());
    conf.set(RestOptions.BIND_PORT, String.valueOf(settings.uiPort()));
    conf.set(JobManagerOptions.ADDRESS, Loopback.ADDRESS);
    conf.set(JobManagerOptions.BIND_HOST, Loopback.ADDRESS);
    conf.set(TaskManagerOptions.HOST, Loopback.ADDRESS);
    conf.set(TaskManagerOptions.BIND_HOST, Loopback.ADDRESS);
    // Whoever reaches the port could otherwise run a jar of theirs as this user.
    conf.set(WebOptions.SUBMIT_ENABLE, false);
    conf.set(CoreOptions.TMP_DIRS, settings.directory().resolve("tmp").toString());
    conf.set(WebOptions.TMP_DIR, settings.directory().resolve("tmp").toString());

    conf.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    conf.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, settings.checkpointInterval());
    conf.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    conf.set(PipelineOptions.GENERIC_TYPES, false);

    // Eight tries, some half a minute: what is not mended by then is shown as FAILED, with its
    // cause.
    conf.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
    conf.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF,
        Duration.ofMillis(200));
    conf.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF,
        Duration.ofSeconds(10));
    conf.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER, 2.0);
    conf.set(
        RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
        Duration.ofMinutes(2));
    conf.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, 8);

    // Network buffers are taken at start; managed memory only when a job asks for it.
    conf.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
    conf.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
    conf.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(32));
    settings.more().forEach(conf::setString);
    return conf;
  }
}

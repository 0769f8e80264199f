/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import io.vmallocfleet.pipeline.deploy.RestorePoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One submitted job: how it is, why it failed, how to stop it so that it can go on later. */
public final class FlinkJob {
  private static final Logger LOG = LoggerFactory.getLogger(FlinkJob.class);
  private static final Duration CANCEL_LIMIT = Duration.ofSeconds(10);

  private final MiniCluster cluster;
  private final JobID id;
  private final String name;
  private final Path savepoints;
  private final Optional<RestorePoint> resumedFrom;
  private final CompletableFuture<JobResult> result;

  FlinkJob(
      MiniCluster cluster,
      JobID id,
      String name,
      Path savepoints,
      Optional<RestorePoint> resumedFrom) {
    this.cluster = cluster;
    this.id = id;
    this.name = name;
    this.savepoints = savepoints;
    this.resumedFrom = resumedFrom;
    this.result = cluster.requestJobResult(id);
  }

  public String name() {
    return name;
  }

  public JobID id() {
    return id;
  }

  /** The checkpoint or savepoint its state came from; empty on a first start. */
  public Optional<Path> resumedFrom() {
    return resumedFrom.map(RestorePoint::directory);
  }

  /** Also after the end: the cluster forgets jobs, this does not. SUSPENDED once it is closed. */
  public JobStatus status() {
    Optional<JobStatus> end = ended().flatMap(JobResult::getJobStatus);
    if (end.isPresent()) {
      return end.get();
    }
    if (!cluster.isRunning()) {
      return JobStatus.SUSPENDED;
    }
    return await(cluster.getJobStatus(id), CANCEL_LIMIT, "status");
  }

  /** Whether every subtask runs, with its state back: the job itself is called running before. */
  public boolean isRunningThroughout() {
    if (ended().isPresent() || !cluster.isRunning()) {
      return false;
    }
    var vertices =
        await(cluster.getExecutionGraph(id), CANCEL_LIMIT, "graph")
            .getAllExecutionVertices()
            .iterator();
    boolean running = vertices.hasNext(); // a job that is still being made has none
    while (running && vertices.hasNext()) {
      running = vertices.next().getExecutionState() == ExecutionState.RUNNING;
    }
    return running;
  }

  /** The innermost cause, once the job is FAILED. Before that, Flink restarts it by itself. */
  public Optional<Throwable> failure() {
    return ended()
        .filter(end -> end.getJobStatus().filter(JobStatus.FAILED::equals).isPresent())
        .flatMap(JobResult::getSerializedThrowable)
        .map(thrown -> root(thrown.deserializeError(getClass().getClassLoader())));
  }

  /**
   * Stops the job with a savepoint, without draining: open windows stay open for the next run. When
   * that does not succeed within the limit the job is cancelled, and the next run resumes from its
   * newest checkpoint.
   *
   * @return the savepoint; empty when the job had ended by itself or had to be cancelled
   */
  public Optional<Path> stop(Duration limit) {
    if (ended().isPresent()) {
      return Optional.empty();
    }
    try {
      String location =
          cluster
              .stopWithSavepoint(
                  id, savepoints.toUri().toString(), false, SavepointFormatType.CANONICAL)
              .get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return Optional.of(Path.of(URI.create(location)));
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("No savepoint of {} within {}: cancelling it", name, limit, e);
      cancel();
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel();
      return Optional.empty();
    }
  }

  /**
   * Takes a checkpoint beside those of the interval.
   *
   * @return whether it was completed; not when the job ended meanwhile, or is taking one
   */
  public boolean checkpoint(Duration limit) {
    try {
      cluster
          .triggerCheckpoint(id, CheckpointType.DEFAULT)
          .get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("No checkpoint of {} within {}", name, limit, e);
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends the job at once; the next run of its name resumes from its newest checkpoint. */
  public void cancel() {
    cluster.cancelJob(id);
    try {
      result.get(CANCEL_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("{} did not end within {} of being cancelled", name, CANCEL_LIMIT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<JobResult> ended() {
    return result.isDone() && !result.isCompletedExceptionally()
        ? Optional.of(result.join())
        : Optional.empty();
  }

  private <T> T await(CompletableFuture<T> answer, Duration limit, String what) {
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new StackException("Flink tells no %s of job %s".formatted(what, name), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("Interrupted while asking Flink for " + name, e);
    }
  }

  private static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}

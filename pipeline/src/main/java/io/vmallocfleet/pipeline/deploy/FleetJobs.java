/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.deploy;

import io.vmallocfleet.pipeline.AlertRoutingJob;
import io.vmallocfleet.pipeline.FleetAnalyticsJob;
import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.RoutingConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All jobs of the product in one application cluster, for a cluster without high-availability
 * services: {@code standalone-job --job-classname io.vmallocfleet.pipeline.deploy.FleetJobs}.
 *
 * <p><b>Restart:</b> such a cluster forgets its jobs when the JobManager goes. So each job is known
 * by its name, as in {@code vmalloc-fleet up}: it keeps its checkpoints in a directory of that name
 * below {@code execution.checkpointing.dir}, and starts from the newest checkpoint or savepoint
 * that lies in it. The directory must be one that JobManager and TaskManagers share, and
 * checkpoints must be retained. Clusters with high-availability services, such as those of the
 * Kubernetes operator, run each job's own main class instead.
 */
public final class FleetJobs {
  private static final Logger LOG = LoggerFactory.getLogger(FleetJobs.class);

  private FleetJobs() {}

  public static void main(String[] args) throws Exception {
    PipelineConfig config = PipelineConfig.from(System.getenv());
    RoutingConfig routing = RoutingConfig.from(System.getenv());
    LOG.info("The fleet's jobs start with {} and {}", config, routing);
    ReadableConfig cluster =
        StreamExecutionEnvironment.getExecutionEnvironment().getConfiguration();

    StreamExecutionEnvironment analytics = environment(cluster, FleetAnalyticsJob.NAME);
    FleetAnalyticsJob.define(analytics, config);
    analytics.executeAsync(FleetAnalyticsJob.NAME);

    StreamExecutionEnvironment alerts = environment(cluster, AlertRoutingJob.NAME);
    AlertRoutingJob.define(alerts, routing, System.currentTimeMillis());
    alerts.executeAsync(AlertRoutingJob.NAME);
  }

  private static StreamExecutionEnvironment environment(ReadableConfig cluster, String job)
      throws IOException {
    return StreamExecutionEnvironment.getExecutionEnvironment(settings(cluster, job));
  }

  /** What a job's environment needs beside the cluster's own settings, so that it resumes. */
  static Configuration settings(ReadableConfig cluster, String job) throws IOException {
    String all =
        cluster
            .getOptional(CheckpointingOptions.CHECKPOINTS_DIRECTORY)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "execution.checkpointing.dir is not set: expected a directory that JobManager and TaskManagers share, such as file:///state"));
    String own = (all.endsWith("/") ? all : all + "/") + job;
    Optional<RestorePoint> newest = RestorePoint.newestIn(List.of(path(own)));
    LOG.info("{} starts from {}", job, newest.map(RestorePoint::uri).orElse("nothing"));

    var settings = new Configuration();
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, own);
    newest.ifPresent(
        point -> {
          settings.set(StateRecoveryOptions.SAVEPOINT_PATH, point.uri());
          settings.set(StateRecoveryOptions.RESTORE_MODE, RecoveryClaimMode.CLAIM);
        });
    return settings;
  }

  private static Path path(String directory) {
    URI uri = URI.create(directory);
    if (uri.getScheme() == null || uri.getScheme().equals("file")) {
      return Path.of(uri.getPath());
    }
    throw new IllegalArgumentException(
        "execution.checkpointing.dir is below \"%s\": expected a file:// directory; on other storage, let high-availability services keep the jobs and run each job's own main class"
            .formatted(directory));
  }
}

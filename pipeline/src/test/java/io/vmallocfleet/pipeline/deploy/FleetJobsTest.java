/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.RecoveryClaimMode;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FleetJobsTest {
  @TempDir Path state;

  @Test
  void a_job_starts_from_nothing_the_first_time() throws Exception {
    Configuration settings = FleetJobs.settings(cluster("file://" + state), "fleet-analytics");

    assertThat(settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY))
        .isEqualTo("file://" + state + "/fleet-analytics");
    assertThat(settings.getOptional(StateRecoveryOptions.SAVEPOINT_PATH)).isEmpty();
  }

  @Test
  void a_job_resumes_from_its_own_newest_state_and_no_other_jobs() throws Exception {
    Path own = checkpoint("fleet-analytics", 7);
    checkpoint("alert-routing", 9);

    Configuration settings = FleetJobs.settings(cluster("file://" + state), "fleet-analytics");

    assertThat(settings.get(StateRecoveryOptions.SAVEPOINT_PATH)).isEqualTo(own.toUri().toString());
    assertThat(settings.get(StateRecoveryOptions.RESTORE_MODE)).isEqualTo(RecoveryClaimMode.CLAIM);
  }

  @Test
  void storage_it_cannot_look_into_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FleetJobs.settings(cluster("s3://bucket/state"), "fleet-analytics"))
        .withMessageContaining("s3://bucket/state/fleet-analytics")
        .withMessageContaining("expected a file:// directory");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FleetJobs.settings(new Configuration(), "fleet-analytics"))
        .withMessageStartingWith("execution.checkpointing.dir is not set");
  }

  private static Configuration cluster(String directory) {
    var cluster = new Configuration();
    cluster.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory);
    return cluster;
  }

  private Path checkpoint(String job, long id) throws Exception {
    Path directory =
        Files.createDirectories(state.resolve(job).resolve("run").resolve("chk-" + id));
    try (var out = Files.newOutputStream(directory.resolve("_metadata"))) {
      Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(id, List.of(), List.of()), out);
    }
    return directory;
  }
}

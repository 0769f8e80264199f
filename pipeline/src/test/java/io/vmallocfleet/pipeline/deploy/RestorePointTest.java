/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RestorePointTest {
  @TempDir Path data;

  @Test
  void the_highest_number_is_newest_whatever_kind_and_run_it_is_of() throws Exception {
    Path checkpoints = data.resolve("checkpoints");
    Path savepoints = data.resolve("savepoints");
    completed(checkpoints.resolve("run-b").resolve("chk-9"), 9);
    completed(checkpoints.resolve("run-a").resolve("chk-11"), 11);
    Path newest = completed(savepoints.resolve("savepoint-1f2e3d-aabbcc"), 12);
    completed(checkpoints.resolve("run-c").resolve("chk-10"), 10);

    assertThat(RestorePoint.newestIn(List.of(checkpoints, savepoints)))
        .contains(new RestorePoint(newest, 12));
  }

  @Test
  void one_that_was_not_finished_is_passed_over() throws Exception {
    Path finished = completed(data.resolve("run-a").resolve("chk-3"), 3);
    Path unfinished = Files.createDirectories(data.resolve("run-a").resolve("chk-4"));
    Files.writeString(unfinished.resolve("._metadata.inprogress.1f2e"), "half of it");

    assertThat(RestorePoint.newestIn(List.of(data))).contains(new RestorePoint(finished, 3));
  }

  @Test
  void there_is_none_before_the_first_run() throws IOException {
    assertThat(RestorePoint.newestIn(List.of(data, data.resolve("not-there")))).isEmpty();
  }

  @Test
  void a_damaged_one_is_reported_rather_than_passed_over() throws Exception {
    completed(data.resolve("run-a").resolve("chk-3"), 3);
    Path damaged = Files.createDirectories(data.resolve("run-a").resolve("chk-4"));
    Files.writeString(damaged.resolve("_metadata"), "not a checkpoint");

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> RestorePoint.newestIn(List.of(data)))
        .withMessageStartingWith("Checkpoint " + damaged + " cannot be read")
        .withMessageContaining("move it away to resume from an older one");
  }

  private static Path completed(Path directory, long id) throws IOException {
    Files.createDirectories(directory);
    try (var out = Files.newOutputStream(directory.resolve("_metadata"))) {
      Checkpoints.storeCheckpointMetadata(new CheckpointMetadata(id, List.of(), List.of()), out);
    }
    return directory;
  }
}

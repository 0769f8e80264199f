/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir Path parent;

  @Test
  void a_second_stack_is_refused_and_told_the_pid_of_the_first() {
    Path root = parent.resolve("data");
    try (var first = DataDirectory.open(root)) {
      assertThatExceptionOfType(StackException.class)
          .isThrownBy(() -> DataDirectory.open(root))
          .withMessage(
              "%s is in use by another stack (pid %d): stop that one, or give another --data",
              first.root(), ProcessHandle.current().pid());
    }

    DataDirectory.open(root).close();
  }

  @Test
  void what_was_in_a_named_directory_stays() throws Exception {
    Path root = parent.resolve("data");
    try (var data = DataDirectory.open(root)) {
      Files.createDirectories(data.kafka());
    }

    assertThat(root.resolve("kafka")).exists();
  }

  @Test
  void a_temporary_directory_is_gone_after_close() throws Exception {
    Path root;
    try (var data = DataDirectory.temporary()) {
      root = data.root();
      Files.createDirectories(data.flink().resolve("checkpoints"));
      Files.writeString(data.flink().resolve("checkpoints").resolve("one"), "x");
    }

    assertThat(root).doesNotExist();
  }

  @Test
  void a_file_in_its_place_is_refused_by_name() throws Exception {
    Path file = Files.writeString(parent.resolve("file"), "x");

    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> DataDirectory.open(file))
        .withMessage("%s cannot be used as data directory: FileAlreadyExists: %s", file, file);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunningStackTest {
  private static final URI UI = URI.create("http://127.0.0.1:8081");
  private static final URI GATEWAY = URI.create("http://127.0.0.1:8083");

  @TempDir Path runtime;
  private Path directory;

  @BeforeEach
  void underTheUsersRuntimeDirectory() {
    directory = RunningStack.directory(Map.of("XDG_RUNTIME_DIR", runtime.toString()));
  }

  @Test
  void a_running_stack_is_found_until_it_ends() throws Exception {
    var stack = RunningStack.here("127.0.0.1:9092", UI, GATEWAY, Path.of("/data"));

    try (var published = stack.publishIn(directory)) {
      assertThat(RunningStack.find(directory)).isEqualTo(stack);
      assertThat(published).isNotNull();
    }

    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> RunningStack.find(directory))
        .withMessage("No stack is running: start one with ./vmalloc-fleet up, or give --bootstrap");
  }

  @Test
  void nobody_else_reads_it() throws Exception {
    try (var published =
        RunningStack.here("127.0.0.1:9092", UI, GATEWAY, Path.of("/data")).publishIn(directory)) {
      Path file = directory.resolve(ProcessHandle.current().pid() + ".properties");

      assertThat(mode(file)).isEqualTo("rw-------");
      assertThat(mode(directory)).isEqualTo("rwx------");
      assertThat(published).isNotNull();
    }
  }

  @Test
  void a_killed_one_is_named_even_if_its_pid_went_to_another_process() {
    var killed =
        new RunningStack(
            "127.0.0.1:9092", UI, GATEWAY, Path.of("/data"), ProcessHandle.current().pid(), 1);
    killed.publishIn(directory);

    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> RunningStack.find(directory))
        .withMessage(
            "No stack is running: the one with pid %d on 127.0.0.1:9092 was killed. Start it again with ./vmalloc-fleet up --data /data",
            killed.pid());
  }

  @Test
  void a_directory_open_to_others_is_not_trusted() throws Exception {
    Files.createDirectory(directory);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> RunningStack.find(directory))
        .withMessageContaining("expected this user and rwx------");
  }

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.Main;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {
  @TempDir private Path directory;

  /** In two JVMs: hash codes, and with them the order of many a map and set, differ there. */
  @Test
  void the_same_seed_gives_the_same_bytes_and_another_seed_others() throws Exception {
    Path one = simulate("one", 5);
    Path same = simulate("same", 5);
    Path other = simulate("other", 6);

    assertThat(Files.size(one)).isGreaterThan(100_000);
    assertThat(same).hasSameBinaryContentAs(one);
    assertThat(labels(same)).hasSameBinaryContentAs(labels(one));
    assertThat(Files.mismatch(one, other)).isNotEqualTo(-1);
  }

  private Path simulate(String name, int seed) throws Exception {
    Path recording = directory.resolve(name);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
    command.addAll(List.of("simulate", "--scenario", "everything", "--hosts", "30"));
    command.addAll(List.of("--duration", "12h", "--interval", "1h", "--seed", "" + seed));
    command.addAll(List.of("-o", recording.toString()));
    Path log = directory.resolve(name + ".log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    assertThat(process.waitFor()).as(() -> read(log)).isZero();
    return recording;
  }

  private static Path labels(Path recording) {
    return Path.of(recording + ".labels.json");
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (java.io.IOException e) {
      return e.toString();
    }
  }
}

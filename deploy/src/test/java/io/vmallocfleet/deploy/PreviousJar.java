/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The jobs as users run them now: the jar that {@code vmallocfleet.previous.jar} names, else built
 * from the commit in {@code deploy/previous-release}, in a working tree of its own.
 */
final class PreviousJar {
  private static final String PROPERTY = "vmallocfleet.previous.jar";
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path BUILT = Path.of("target", "previous").toAbsolutePath();

  private PreviousJar() {}

  static Path find() throws IOException, InterruptedException {
    String given = System.getProperty(PROPERTY);
    return given != null ? Path.of(given) : built(Files.readString(Path.of("previous-release")));
  }

  private static Path built(String file) throws IOException, InterruptedException {
    String commit = file.lines().filter(line -> !line.startsWith("#")).findFirst().orElseThrow();
    Path tree = BUILT.resolve(commit);
    Path jar = tree.resolve("pipeline/target/vmalloc-fleet-jobs.jar");
    if (Files.notExists(jar)) {
      Files.createDirectories(BUILT);
      run(ROOT, "git", "worktree", "prune");
      run(ROOT, "git", "worktree", "add", "--force", "--detach", tree.toString(), commit);
      run(
          tree,
          "mvn",
          "-q",
          "-B",
          "-pl",
          "pipeline",
          "-am",
          "-DskipTests",
          "-Denforcer.skip",
          "-Dspotless.check.skip",
          "package");
    }
    return jar;
  }

  private static void run(Path directory, String... command)
      throws IOException, InterruptedException {
    Path log = BUILT.resolve("log");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!process.waitFor(15, TimeUnit.MINUTES) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException(
          "%s failed; name a jar by -D%s=FILE instead: %s"
              .formatted(String.join(" ", List.of(command)), PROPERTY, Files.readString(log)));
    }
  }
}

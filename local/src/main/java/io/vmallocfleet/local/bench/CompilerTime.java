/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Processor time of this JVM's compiler threads, which a job of days spends once and a benchmark of
 * seconds over and over. Read from {@code /proc/self/task}, proc(5); the JVM must keep its compiler
 * threads ({@value #KEEP_THREADS}), or their time goes with them. On a kernel without scheduler
 * statistics it is 0, and counts as the rest.
 */
final class CompilerTime {
  static final String KEEP_THREADS = "-XX:-UseDynamicNumberOfCompilerThreads";

  private static final Path TASKS = Path.of("/proc/self/task");

  private CompilerTime() {}

  static long nanos() {
    long nanos = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        nanos += nanos(task);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + TASKS, e);
    }
    return nanos;
  }

  /** The first number of schedstat is time on a processor, in nanoseconds. */
  private static long nanos(Path task) throws IOException {
    try {
      String name = Files.readString(task.resolve("comm"));
      if (!name.startsWith("C1 Compiler") && !name.startsWith("C2 Compiler")) {
        return 0;
      }
      String schedstat = Files.readString(task.resolve("schedstat"));
      return Long.parseLong(schedstat.substring(0, schedstat.indexOf(' ')));
    } catch (NoSuchFileException endedMeanwhile) {
      return 0;
    }
  }
}

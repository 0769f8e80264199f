/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A main class of ours in another JVM on this one's class path, spoken to in lines. It ends when
 * its input does, so also when this JVM is killed.
 */
final class JavaProcess implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  /** What {@code -XX:+ExitOnOutOfMemoryError} prints on standard output. */
  private static final String OUT_OF_MEMORY = "Terminating due to java.lang.OutOfMemoryError";

  private final Process process;
  private final PrintWriter to;
  private final BufferedReader from;

  private JavaProcess(Process process) {
    this.process = process;
    this.to = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    this.from =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static JavaProcess start(List<String> options, Class<?> main, String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    if (Runtime.version().feature() >= 24) {
      // As the launcher does: Kafka's compression and Flink's RPC; Java would warn of each.
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return new JavaProcess(
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  long pid() {
    return process.pid();
  }

  void say(String line) {
    to.println(line);
  }

  /**
   * The next line it prints.
   *
   * @throws IOException when it has ended
   */
  String hear() throws IOException {
    String line = from.readLine();
    if (line == null) {
      throw new IOException("a process of the benchmark ended by itself: " + process.info());
    }
    if (line.startsWith(OUT_OF_MEMORY)) {
      throw new IOException("a process of the benchmark ran out of memory: give it more --heap");
    }
    return line;
  }

  @Override
  public void close() {
    to.close();
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A stack in a JVM of its own, so that a test can kill it as {@code kill -9} does.
 *
 * <p>Prints {@code READY 127.0.0.1:port} once the broker serves and, if asked for, the counting job
 * is accepted; then waits to be killed.
 */
final class StackProcess implements AutoCloseable {
  /** Long enough that what is written right after a commit is uncommitted for a while. */
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);

  private final Process process;
  private final String bootstrap;

  private StackProcess(Process process, String bootstrap) {
    this.process = process;
    this.bootstrap = bootstrap;
  }

  public static void main(String[] args) {
    try {
      run(args);
    } catch (Exception e) {
      // Kafka's threads would keep the JVM alive, and the test waiting.
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }

  private static void run(String[] args) throws Exception {
    Path data = Path.of(args[0]);
    int port = Integer.parseInt(args[1]);
    boolean withJob = Boolean.parseBoolean(args[2]);
    var directory = DataDirectory.open(data);
    directory.receiveLogs();
    var broker = Broker.start(new BrokerSettings(directory.kafka(), port));
    if (withJob) {
      TestTopics.create(broker.bootstrap(), CountingJob.IN, CountingJob.OUT);
      var flink =
          FlinkCluster.start(new FlinkSettings(directory.flink(), 0, 1, CHECKPOINT_INTERVAL));
      flink.submit("counting", env -> CountingJob.define(env, broker.bootstrap(), "numbered"));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    flink.stopJobs(Duration.ofSeconds(20));
                    flink.close();
                    broker.close();
                  }));
    }
    System.out.println("READY " + broker.bootstrap());
    Thread.currentThread().join();
  }

  /** Returns when the child is ready. */
  static StackProcess start(Path data, int port, boolean withJob) throws IOException {
    var process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-XX:+UseSerialGC",
                    "-cp",
                    System.getProperty("java.class.path"),
                    StackProcess.class.getName(),
                    data.toString(),
                    String.valueOf(port),
                    String.valueOf(withJob)))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader lines = process.inputReader();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("READY ")) {
        return new StackProcess(process, line.substring("READY ".length()));
      }
    }
    throw new IOException("the child JVM ended before it was ready");
  }

  String bootstrap() {
    return bootstrap;
  }

  int port() {
    return Integer.parseInt(bootstrap.substring(bootstrap.lastIndexOf(':') + 1));
  }

  /** SIGKILL: no shutdown hook, no flush. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGTERM: the shutdown hook closes everything in order. */
  void terminate() {
    process.destroy();
    process.onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}

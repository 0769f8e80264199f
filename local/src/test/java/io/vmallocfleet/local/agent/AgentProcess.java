/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.agent;

import io.vmallocfleet.agent.AgentMain;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** An agent in a JVM of its own, watched through its metrics, so that a test can kill it. */
final class AgentProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final int metricsPort;

  private AgentProcess(Process process, int metricsPort) {
    this.process = process;
    this.metricsPort = metricsPort;
  }

  static AgentProcess start(String bootstrap, Path spool, String... options) throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                AgentMain.class.getName(),
                "run",
                "--bootstrap=" + bootstrap,
                "--spool-directory=" + spool,
                "--interval=100ms",
                "--metrics-port=" + port));
    command.addAll(List.of(options));
    return new AgentProcess(
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start(),
        port);
  }

  long taken() throws IOException, InterruptedException {
    return figure("snapshots_taken_total");
  }

  void awaitTaken(long atLeast) throws IOException, InterruptedException {
    await("snapshots_taken_total", atLeast, Long.MAX_VALUE);
  }

  void awaitAcknowledged(long atLeast) throws IOException, InterruptedException {
    await("snapshots_acknowledged_total", atLeast, Long.MAX_VALUE);
  }

  void awaitWaiting(long atLeast) throws IOException, InterruptedException {
    await("spool_snapshots", atLeast, Long.MAX_VALUE);
  }

  /** Until at most the one under way is in the spool. */
  void awaitDelivered() throws IOException, InterruptedException {
    await("spool_snapshots", 0, 1);
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGTERM; the exit code. */
  int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(30, TimeUnit.SECONDS)) {
      throw new AssertionError("still running 30 s after SIGTERM");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    kill();
  }

  private void await(String name, long min, long max) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    long value = figure(name);
    while (value < min || value > max) {
      if (!process.isAlive() || Instant.now().isAfter(end)) {
        throw new AssertionError(
            "%s is %d, agent %s".formatted(name, value, process.isAlive() ? "alive" : "ended"));
      }
      LockSupport.parkNanos(20_000_000);
      value = figure(name);
    }
  }

  /** A figure, -1 until the agent serves it. */
  private long figure(String name) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/metrics".formatted(metricsPort)));
    try {
      String line = "vmalloc_agent_" + name + " ";
      return HttpClient.newHttpClient()
          .send(request.build(), BodyHandlers.ofString())
          .body()
          .lines()
          .filter(l -> l.startsWith(line))
          .mapToLong(l -> (long) Double.parseDouble(l.substring(line.length())))
          .findFirst()
          .orElseThrow();
    } catch (ConnectException e) {
      return -1;
    }
  }
}

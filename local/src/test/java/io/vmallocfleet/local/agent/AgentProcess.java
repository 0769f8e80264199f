/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.agent;

import io.vmallocfleet.agent.AgentMain;
import java.io.File;
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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** An agent in a JVM of its own, watched through its metrics, so that a test can kill it. */
final class AgentProcess implements AutoCloseable {
  private static final Duration PATIENCE =
      Duration.ofSeconds(60 + Long.getLong("vmallocfleet.outage", 0));

  /** The disk is tried again once a minute. */
  private static final Duration HEALTH_PATIENCE = Duration.ofSeconds(120);

  private final Process process;
  private final int metricsPort;

  private AgentProcess(Process process, int metricsPort) {
    this.process = process;
    this.metricsPort = metricsPort;
  }

  static AgentProcess start(String bootstrap, Path spool, String... options) throws IOException {
    return start(List.of(), ProcessBuilder.Redirect.DISCARD, bootstrap, spool, options);
  }

  /**
   * @param wrapper command that becomes the one behind it, such as {@code prlimit}
   * @param log what the agent writes
   */
  static AgentProcess start(
      List<String> wrapper,
      ProcessBuilder.Redirect log,
      String bootstrap,
      Path spool,
      String... options)
      throws IOException {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var command = new ArrayList<>(wrapper);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-cp",
            classPath(),
            AgentMain.class.getName(),
            "run",
            "--bootstrap=" + bootstrap,
            "--spool-directory=" + spool,
            "--interval=100ms",
            "--metrics-port=" + port));
    command.addAll(List.of(options));
    return new AgentProcess(
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start(), port);
  }

  /** Without this module's logging, so that the agent's own is what is seen. */
  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(jar -> !jar.contains("log4j"))
        .collect(Collectors.joining(File.pathSeparator));
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

  /** Until {@code /health} says this. */
  void awaitHealth(String text) throws IOException, InterruptedException {
    awaitHealth(health -> health.contains(text));
  }

  /** Until {@code /health} no longer says this. */
  void awaitHealthWithout(String text) throws IOException, InterruptedException {
    awaitHealth(health -> !health.contains(text));
  }

  private void awaitHealth(Predicate<String> wanted) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(HEALTH_PATIENCE);
    String health = get("health");
    while (health.isEmpty() || !wanted.test(health)) {
      if (!process.isAlive() || Instant.now().isAfter(end)) {
        throw new AssertionError(
            "health is \"%s\", agent %s".formatted(health, process.isAlive() ? "alive" : "ended"));
      }
      LockSupport.parkNanos(20_000_000);
      health = get("health");
    }
  }

  long pid() {
    return process.pid();
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
    String line = "vmalloc_agent_" + name + " ";
    return get("metrics")
        .lines()
        .filter(l -> l.startsWith(line))
        .mapToLong(l -> (long) Double.parseDouble(l.substring(line.length())))
        .findFirst()
        .orElse(-1);
  }

  /** What the agent serves there; empty until it does. */
  private String get(String path) throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:%d/%s".formatted(metricsPort, path));
    try {
      return HttpClient.newHttpClient()
          .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
          .body();
    } catch (ConnectException e) {
      return "";
    }
  }
}

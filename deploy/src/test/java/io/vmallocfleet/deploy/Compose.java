/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A project of {@code docker compose} on our own files, under a name and on ports of its own. */
final class Compose implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int LIMIT_MINUTES = 10;
  private static final String USE_UP_MEMORY =
      "echo 1000 > /proc/1/oom_score_adj; cat /dev/zero | head -c 3G | tail >/dev/null";
  private static final String ADDRESS = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";

  private final String project;
  private final List<String> command;
  private final Map<String, String> settings;
  private final Map<String, String> addresses = new HashMap<>();

  /**
   * @param files relative to the checkout, the base first
   */
  Compose(String project, String... files) {
    this.project = project;
    command = new ArrayList<>(List.of("docker", "compose", "-p", project));
    for (String file : files) {
      command.addAll(List.of("-f", file));
    }
    settings = new TreeMap<>();
    for (String port :
        List.of("KAFKA_PORT", "FLINK_PORT", "PROMETHEUS_PORT", "ALERTMANAGER_PORT", "SQL_PORT")) {
      settings.put(port, String.valueOf(freePort()));
    }
  }

  /** A setting of the file, as {@code .env} would have it; before the start. */
  void set(String name, String value) {
    settings.put(name, value);
  }

  /** Whether there is a Docker engine and Compose to talk to it. */
  static boolean isHere() {
    try {
      Process asked =
          new ProcessBuilder("docker", "compose", "ls")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return asked.waitFor(20, TimeUnit.SECONDS) && asked.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Builds the images, starts everything, and returns once all of it is healthy. */
  void up() {
    run("up", "-d", "--build", "--wait");
  }

  /** Starts what does not run, and returns once all of it is healthy. */
  void heal() {
    run("up", "-d", "--no-build", "--wait");
  }

  /** Ends every container of a service as {@code kill -9} does. */
  void kill(String service) {
    run("kill", "-s", "KILL", service);
  }

  /** Starts what of a service was killed, and nothing that it depends on, which Compose would. */
  void start(String service) {
    for (String container : containers(service)) {
      docker("start", container);
    }
  }

  /** Takes a service's containers off the network; they notice nothing but silence. */
  void disconnect(String service) {
    for (String container : containers(service)) {
      addresses.put(container, inspect(container, ADDRESS));
      docker("network", "disconnect", network(), container);
    }
  }

  /** Back at the address it had: a cable that is plugged in again changes none. */
  void connect(String service) {
    for (String container : containers(service)) {
      String address = addresses.get(container);
      docker("network", "connect", "--alias", service, "--ip", address, network(), container);
    }
  }

  /** Runs a shell command in a service's first container; whether it ended well does not matter. */
  void shell(String service, String command) {
    run("exec", "-T", service, "sh", "-c", command + " || true");
  }

  /** Uses up the memory of a service's first container, of whose processes the first is to go. */
  void outOfMemory(String service) {
    String container = containers(service).get(0);
    String started = inspect(container, "{{.State.StartedAt}}");
    long from = Instant.now().getEpochSecond();
    // Nobody waits for the shell, which goes with its container.
    run("exec", "-d", service, "sh", "-c", USE_UP_MEMORY);
    Eventually.is(
        service + " started anew",
        () -> !inspect(container, "{{.State.StartedAt}}").equals(started));
    String until = String.valueOf(Instant.now().getEpochSecond() + 1);
    String events =
        execute(
            List.of(
                "docker",
                "events",
                "--since",
                String.valueOf(from),
                "--until",
                until,
                "--filter",
                "event=oom",
                "--filter",
                "container=" + container));
    if (events.isBlank()) {
      throw new AssertionError(service + " ended, and not for want of memory");
    }
  }

  /** Ids of a service's containers, those that were stopped among them. */
  List<String> containers(String service) {
    return run("ps", "-a", "-q", service).lines().toList();
  }

  String bootstrap() {
    return "127.0.0.1:" + settings.get("KAFKA_PORT");
  }

  String url(String port) {
    return "http://127.0.0.1:" + settings.get(port);
  }

  /** What a command of Compose printed; it must succeed. */
  String run(String... words) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(words));
    return execute(all);
  }

  /** Runs a service for once, its output kept, and does not wait for its end. */
  RunningService begin(String service, String... arguments) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of("run", "--rm", "--no-deps", "-T", service));
    all.addAll(List.of(arguments));
    try {
      Path log = Files.createTempFile("compose", ".log");
      return new RunningService(process(all, log), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process process(List<String> all, Path log) throws IOException {
    var builder = new ProcessBuilder(all).directory(ROOT.toFile());
    builder.environment().putAll(settings);
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private String network() {
    return project + "_default";
  }

  private String inspect(String container, String format) {
    return execute(List.of("docker", "inspect", "-f", format, container)).strip();
  }

  private void docker(String... words) {
    List<String> all = new ArrayList<>(List.of("docker"));
    all.addAll(List.of(words));
    execute(all);
  }

  private String execute(List<String> all) {
    try {
      Path log = Files.createTempFile("compose", ".log");
      Process process = process(all, log);
      boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      String said = Files.readString(log, StandardCharsets.UTF_8);
      Files.delete(log);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError(
            "%s failed:%n%s".formatted(String.join(" ", all), lastLines(said)));
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Compose tells every step of a build and of a start; what went wrong comes last. */
  private static String lastLines(String said) {
    List<String> lines = said.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
  }

  @Override
  public void close() {
    run("--profile", "sql", "down", "--volumes", "--timeout", "5");
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

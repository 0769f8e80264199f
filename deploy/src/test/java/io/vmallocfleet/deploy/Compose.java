/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** A project of {@code docker compose} on our own files, under a name and on ports of its own. */
final class Compose implements AutoCloseable {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int LIMIT_MINUTES = 10;

  private final List<String> command;
  private final Map<String, String> settings;

  /**
   * @param files relative to the checkout, the base first
   */
  Compose(String project, String... files) {
    command = new ArrayList<>(List.of("docker", "compose", "-p", project));
    for (String file : files) {
      command.addAll(List.of("-f", file));
    }
    settings = new TreeMap<>();
    for (String port :
        List.of("KAFKA_PORT", "FLINK_PORT", "PROMETHEUS_PORT", "ALERTMANAGER_PORT")) {
      settings.put(port, String.valueOf(freePort()));
    }
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

  /** Builds what is missing, starts what does not run, and returns once all of it is healthy. */
  void up(String... services) {
    List<String> words = new ArrayList<>(List.of("up", "-d", "--build", "--wait"));
    words.addAll(List.of(services));
    run(words.toArray(String[]::new));
  }

  /** Ends every container of a service as {@code kill -9} does. */
  void kill(String service) {
    run("kill", "-s", "KILL", service);
  }

  String bootstrap() {
    return "127.0.0.1:" + settings.get("KAFKA_PORT");
  }

  String url(String port) {
    return "http://127.0.0.1:" + settings.get(port);
  }

  /** What a command printed; it must succeed. */
  String run(String... words) {
    List<String> all = new ArrayList<>(command);
    all.addAll(List.of(words));
    try {
      Path log = Files.createTempFile("compose", ".log");
      var builder = new ProcessBuilder(all).directory(ROOT.toFile());
      builder.environment().putAll(settings);
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      boolean ended = process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
      process.destroyForcibly();
      String said = Files.readString(log, StandardCharsets.UTF_8);
      Files.delete(log);
      if (!ended || process.exitValue() != 0) {
        throw new AssertionError("%s failed:%n%s".formatted(String.join(" ", all), said));
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    run("down", "--volumes", "--timeout", "5");
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

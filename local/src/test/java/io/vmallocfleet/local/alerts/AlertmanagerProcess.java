/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The real Alertmanager on a port of 127.0.0.1, telling one webhook, each alert in a group of its
 * own. On the same directory and port it goes on where it was.
 */
final class AlertmanagerProcess implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final URI base;
  private final HttpClient client = HttpClient.newHttpClient();

  private AlertmanagerProcess(Process process, URI base) {
    this.process = process;
    this.base = base;
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** Skips the test where there is none. */
  static Path installed(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseGet(
            () -> {
              Assumptions.abort(
                  program + " is not installed: apt-get install prometheus-alertmanager");
              throw new IllegalStateException("not reached");
            });
  }

  static AlertmanagerProcess start(Path directory, int port, URI webhook) throws Exception {
    return start(directory, port, webhook, "['...']");
  }

  static AlertmanagerProcess start(Path directory, int port, URI webhook, String groupBy)
      throws Exception {
    Path program = installed("prometheus-alertmanager");
    Files.createDirectories(directory);
    Path config = directory.resolve("alertmanager.yml");
    Files.writeString(
        config,
        """
        route:
          receiver: hook
          group_by: %s
          group_wait: 0s
          group_interval: 1s
          repeat_interval: 4h
        receivers:
          - name: hook
            webhook_configs:
              - url: %s
                send_resolved: true
        """
            .formatted(groupBy, webhook));
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + config,
                "--storage.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port,
                "--cluster.listen-address=")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(directory.resolve("log").toFile()))
            .start();
    var started = new AlertmanagerProcess(process, URI.create("http://127.0.0.1:" + port));
    Await.until(START_LIMIT, "Alertmanager answers", started::isReady);
    return started;
  }

  URI base() {
    return base;
  }

  /** Alerts in its API, with those it suppresses. */
  List<JsonNode> alerts() throws Exception {
    return list("/api/v2/alerts");
  }

  /** The alert of that fingerprint; a missing node if there is none. */
  JsonNode alert(String fingerprint) throws Exception {
    for (JsonNode alert : alerts()) {
      if (alert.path("labels").path("fingerprint").asText().equals(fingerprint)) {
        return alert;
      }
    }
    return JSON.missingNode();
  }

  /** {@code active}, {@code suppressed}, or empty if it is not there. */
  String state(String fingerprint) throws Exception {
    return alert(fingerprint).path("status").path("state").asText();
  }

  /** How many alerts it has, by its own metrics: quicker than the list of them. */
  int count() throws Exception {
    return get("/metrics")
        .lines()
        .filter(line -> line.startsWith("alertmanager_alerts{state=\"active\"}"))
        .mapToInt(line -> (int) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(0);
  }

  List<JsonNode> silences() throws Exception {
    return list("/api/v2/silences");
  }

  private List<JsonNode> list(String path) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    JSON.readTree(get(path)).forEach(found::add);
    return found;
  }

  private String get(String path) throws IOException, InterruptedException {
    return client
        .send(HttpRequest.newBuilder(base.resolve(path)).build(), BodyHandlers.ofString())
        .body();
  }

  private boolean isReady() throws InterruptedException {
    if (!process.isAlive()) {
      throw new IllegalStateException("Alertmanager ended with " + process.exitValue());
    }
    try {
      return get("/-/ready").strip().equals("OK");
    } catch (IOException e) {
      return false;
    }
  }

  /** As an operator stops it. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.vmallocfleet.schemas.FindingKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whom Alertmanager tells: keeps what, in order. Listens where containers reach it. */
final class PageReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final List<Page> pages = new CopyOnWriteArrayList<>();

  /** One notification of one alert. */
  record Page(
      Instant at, String kind, String host, String caller, String severity, String fingerprint) {
    boolean isAbout(FindingKind kind, String host) {
      return this.kind.equals(kind.name()) && this.host.equals(host);
    }

    /**
     * Whether it tells once more of what the earlier one told. A ticket for what was a page does
     * not, nor does one about another caller.
     */
    boolean repeats(Page earlier) {
      return fingerprint.equals(earlier.fingerprint) && severity.equals(earlier.severity);
    }

    @Override
    public String toString() {
      return "%s, %s of %s %s (%s) at %s".formatted(severity, kind, host, caller, fingerprint, at);
    }
  }

  PageReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress("0.0.0.0", 0), 50);
    server.createContext("/", this::receive);
    server.start();
  }

  /** Writes a configuration for Alertmanager that tells us of everything at once. */
  void configure(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("alertmanager.yml"),
        """
        route:
          receiver: pages
          group_by: [fingerprint]
          group_wait: 0s
          group_interval: 5s
          repeat_interval: 12h
        receivers:
          - name: pages
            webhook_configs:
              - url: http://host.docker.internal:%d/
                send_resolved: false
        """
            .formatted(server.getAddress().getPort()));
  }

  /** All so far, the first first. */
  List<Page> pages() {
    return pages;
  }

  boolean haveTold(FindingKind kind, String host) {
    return pages.stream().anyMatch(page -> page.isAbout(kind, host));
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    for (JsonNode alert : JSON.readTree(exchange.getRequestBody()).path("alerts")) {
      JsonNode labels = alert.path("labels");
      pages.add(
          new Page(
              Instant.now(),
              labels.path("kind").asText(),
              labels.path("host").asText(),
              labels.path("caller").asText(),
              labels.path("severity").asText(),
              labels.path("fingerprint").asText()));
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}

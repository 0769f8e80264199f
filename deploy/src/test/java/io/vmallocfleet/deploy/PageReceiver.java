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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whom Alertmanager tells: counts how often, by kind and host. Listens where containers reach it.
 */
final class PageReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final Map<String, Integer> pages = new ConcurrentHashMap<>();

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

  int about(FindingKind kind, String host) {
    return pages.getOrDefault(kind + " " + host, 0);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void receive(HttpExchange exchange) throws IOException {
    for (JsonNode alert : JSON.readTree(exchange.getRequestBody()).path("alerts")) {
      JsonNode labels = alert.path("labels");
      pages.merge(
          labels.path("kind").asText() + " " + labels.path("host").asText(), 1, Integer::sum);
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }
}

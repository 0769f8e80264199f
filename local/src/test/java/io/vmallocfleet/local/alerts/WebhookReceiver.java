/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/** On-call: counts what it is told of each alert. */
final class WebhookReceiver implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final List<JsonNode> bodies = new ArrayList<>();

  WebhookReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.createContext("/", this::receive);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  private void receive(HttpExchange exchange) throws IOException {
    JsonNode body = JSON.readTree(exchange.getRequestBody());
    synchronized (bodies) {
      bodies.add(body);
    }
    exchange.sendResponseHeaders(200, -1);
    exchange.close();
  }

  List<JsonNode> bodies() {
    synchronized (bodies) {
      return List.copyOf(bodies);
    }
  }

  /** Everything told of an alert, in order: {@code firing} or {@code resolved}. */
  List<String> told(String fingerprint) {
    var told = new ArrayList<String>();
    for (JsonNode body : bodies()) {
      for (JsonNode alert : body.path("alerts")) {
        if (alert.path("labels").path("fingerprint").asText().equals(fingerprint)) {
          told.add(alert.path("status").asText());
        }
      }
    }
    return told;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.exporter.httpserver.MetricsHandler;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * {@code /metrics} and {@code /health} on one address. Health is {@code ok} with status 200, or 503
 * and a line for each reason: {@code blind}, {@code broker-away}, {@code spool}. None of them is
 * mended by a restart, so it is for eyes and alerts, not for a liveness probe.
 */
public final class MetricsServer implements AutoCloseable {
  private final HttpServer server;

  private MetricsServer(HttpServer server) {
    this.server = server;
  }

  /**
   * @param address of this host, 127.0.0.1 for nobody but it
   * @param port 0 takes a free one
   * @throws IOException if the address is not this host's or the port is taken; says so
   */
  public static MetricsServer start(String address, int port, AgentFigures figures)
      throws IOException {
    HttpServer server;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName(address), port), 0);
    } catch (IOException e) {
      throw new IOException(
          "metrics.port %d on metrics.address %s cannot be used: %s; set others, or port 0 for none"
              .formatted(port, address, e.getMessage()),
          e);
    }
    server.createContext("/metrics", new MetricsHandler(registry(figures)));
    server.createContext("/health", exchange -> health(exchange, figures.complaints()));
    server.start();
    return new MetricsServer(server);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private static void health(HttpExchange exchange, List<String> complaints) throws IOException {
    String text = complaints.isEmpty() ? "ok" : String.join("\n", complaints);
    byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
      exchange.sendResponseHeaders(complaints.isEmpty() ? 200 : 503, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static PrometheusRegistry registry(AgentFigures figures) {
    var registry = new PrometheusRegistry();
    var readings = figures.readings();
    var spool = figures.spool();
    counter(registry, "snapshots_taken", "Snapshots taken, blind ones included.", readings::taken);
    counter(
        registry,
        "snapshots_acknowledged",
        "Snapshots the broker has acknowledged.",
        () -> figures.acknowledged().getAsLong());
    counter(
        registry,
        "snapshots_dropped",
        "Snapshots dropped: the spool was full, they were too old or too large.",
        spool::droppedInAll);
    counter(
        registry,
        "readings_skipped",
        "Readings skipped because an earlier one still ran.",
        readings::skipped);
    counter(registry, "readings_failed", "Readings given up: a fault.", readings::failed);
    counter(
        registry,
        "read_seconds",
        "Time spent reading the file, most of it the kernel's.",
        readings::readSeconds);
    counter(registry, "parse_seconds", "Time spent parsing the file.", readings::parseSeconds);
    counter(
        registry, "malformed_lines", "Lines that could not be parsed.", readings::malformedLines);
    gauge(registry, "areas", "Areas in the last reading.", readings::rows);
    gauge(
        registry,
        "blind",
        "1 if the last reading saw nothing; /health says why.",
        () -> readings.blind().isPresent() ? 1 : 0);
    gauge(
        registry,
        "broker_away",
        "1 while the broker takes no snapshots; /health says why.",
        () -> figures.away().get().isPresent() ? 1 : 0);
    gauge(registry, "spool_snapshots", "Snapshots waiting for the broker.", spool::snapshots);
    gauge(registry, "spool_bytes", "Bytes waiting for the broker.", spool::bytes);
    gauge(
        registry,
        "spool_age_seconds",
        "Since the oldest waiting snapshot was taken.",
        () -> spool.age().toMillis() / 1000.0);
    return registry;
  }

  private static void counter(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    CounterWithCallback.builder()
        .name("vmalloc_agent_" + name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }

  private static void gauge(
      PrometheusRegistry registry, String name, String help, DoubleSupplier value) {
    GaugeWithCallback.builder()
        .name("vmalloc_agent_" + name)
        .help(help)
        .callback(callback -> callback.call(value.getAsDouble()))
        .register(registry);
  }
}

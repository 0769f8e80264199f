/* SPDX-License-Identifier: Apache-2.0 */
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a per-caller exporter would serve, for any number of hosts from one process on 127.0.0.1:
 * {@code /HOST/metrics} is host number HOST, whose callers hold bytes that wander a little from
 * scrape to scrape. {@code POST /rollout} gives all hosts a new kernel, as a rollout does. Prints
 * its port once it serves.
 *
 * <pre>java benchmarks/peers/Exposition.java CALLERS</pre>
 */
final class Exposition {
  private static final int COHORTS = 4;

  private final int callers;
  private final AtomicInteger rollout = new AtomicInteger();

  private Exposition(int callers) {
    this.callers = callers;
  }

  public static void main(String[] args) throws IOException {
    var exposition = new Exposition(Integer.parseInt(args[0]));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.createContext("/", exposition::metrics);
    server.createContext(
        "/rollout",
        exchange -> answer(exchange, "kernel " + exposition.rollout.incrementAndGet() + "\n"));
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  private void metrics(HttpExchange exchange) throws IOException {
    int host = Integer.parseInt(exchange.getRequestURI().getPath().split("/")[1]);
    String kernel = "6.%d.%d".formatted(host % COHORTS, rollout.get());
    long now = System.currentTimeMillis() / 1000;
    var text = new StringBuilder(callers * 200);
    text.append("# TYPE vmalloc_caller_bytes gauge\n");
    series(text, "bytes", kernel, host, now, 4096);
    text.append("# TYPE vmalloc_caller_areas gauge\n");
    series(text, "areas", kernel, host, now, 1);
    answer(exchange, text.toString());
  }

  private void series(
      StringBuilder text, String unit, String kernel, int host, long now, long scale) {
    for (int caller = 0; caller < callers; caller++) {
      // A level of its own for each host and caller, and every twentieth reading another value.
      long level = 1 + Integer.toUnsignedLong((host * 31 + caller) * 0x9E3779B1) % 2000;
      long wandering = Long.hashCode((now / 10 + caller) / 20 * 0x9E3779B97F4A7C15L) & 7;
      text.append("vmalloc_caller_").append(unit).append("{caller=\"caller_").append(caller);
      text.append("\",kernel=\"").append(kernel).append("\"} ");
      text.append((level + wandering) * scale).append('\n');
    }
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}

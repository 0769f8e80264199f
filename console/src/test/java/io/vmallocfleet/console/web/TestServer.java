/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.console.ConsoleSettings;
import io.vmallocfleet.console.Samples;
import io.vmallocfleet.console.feed.FeedStatus;
import io.vmallocfleet.console.feed.KafkaConnection;
import io.vmallocfleet.console.feed.PipelineProbe;
import io.vmallocfleet.console.feed.RuleWriter;
import io.vmallocfleet.console.store.FleetStore;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The real server over a store that a test fills; Kafka is not there, as on a bad day. Host header
 * and the like need a client that lets them be set.
 */
final class TestServer implements AutoCloseable {
  static {
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host,content-length");
  }

  static final String TOKEN = "correct-horse-battery-staple";

  final FleetStore store = new FleetStore(CallerKnowledge.bundled());
  final ConsoleServer server;
  private final PipelineProbe probe;
  private final RuleWriter rules;
  private final HttpClient http = HttpClient.newHttpClient();
  private Optional<VmallocSnapshot> snapshot = Optional.empty();

  TestServer() {
    this("127.0.0.1", null, null);
  }

  TestServer(String bind, String token, String proxy) {
    var kafka =
        new KafkaConnection(
            "127.0.0.1:1", Map.of("max.block.ms", "200", "request.timeout.ms", "200"));
    var settings =
        new ConsoleSettings(
            kafka,
            bind,
            0,
            Optional.ofNullable(token),
            Optional.ofNullable(proxy),
            Optional.empty(),
            Optional.empty());
    Clock clock = Clock.fixed(Samples.end(10).plusSeconds(5), ZoneOffset.UTC);
    probe = new PipelineProbe(kafka, Optional.empty(), clock);
    rules = new RuleWriter(kafka);
    server =
        new ConsoleServer(
            settings,
            store,
            CallerKnowledge.bundled(),
            () -> new FeedStatus(FeedStatus.Phase.LIVE, 1, "", List.of(), 0, 0, "", 0),
            (id, takenAt, ahead) -> snapshot,
            rules,
            probe,
            Optional.empty(),
            clock);
    server.start();
  }

  void snapshot(VmallocSnapshot snapshot) {
    this.snapshot = Optional.of(snapshot);
  }

  URI url(String path) {
    URI url = server.url();
    String host = url.getHost().equals("0.0.0.0") ? "127.0.0.1" : url.getHost();
    return URI.create("http://" + host + ":" + url.getPort() + path);
  }

  HttpResponse<String> get(String path, String... headers) {
    return send(HttpRequest.newBuilder(url(path)), headers);
  }

  HttpResponse<String> post(String path, String body, String... headers) {
    return send(
        HttpRequest.newBuilder(url(path)).POST(HttpRequest.BodyPublishers.ofString(body)), headers);
  }

  HttpResponse<String> send(HttpRequest.Builder request, String... headers) {
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonNode json(String path, String... headers) {
    return parse(get(path, headers));
  }

  static JsonNode parse(HttpResponse<String> response) {
    try {
      return new ObjectMapper().readTree(response.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  String csrf() {
    return json("/api/session").path("csrf").asText();
  }

  @Override
  public void close() {
    server.close();
    probe.close();
    rules.close();
  }
}

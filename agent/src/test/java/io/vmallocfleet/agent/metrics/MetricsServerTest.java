/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.agent.Readings;
import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.agent.spool.Spool;
import io.vmallocfleet.agent.spool.SpoolLimits;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsServerTest {
  private static final Instant NOW = Instant.parse("2026-11-23T06:00:00Z");

  private final Spool spool =
      Spool.open(
          Optional.empty(),
          SpoolLimits.of(1 << 20, Duration.ofDays(1)),
          Clock.fixed(NOW, ZoneOffset.UTC));
  private Optional<String> away = Optional.empty();
  private MetricsServer server;

  @BeforeEach
  void start() throws Exception {
    server =
        MetricsServer.start(
            "127.0.0.1", 0, new AgentFigures(new Readings(), spool, () -> 7, () -> away));
  }

  @AfterEach
  void stop() {
    server.close();
    spool.close();
  }

  @Test
  void shows_every_figure() throws Exception {
    spool.put(new Outgoing("host", new byte[100], NOW.minusSeconds(3).toEpochMilli() * 1000, 0));

    assertThat(get("/metrics").body().lines().filter(line -> !line.startsWith("#")))
        .containsExactly(
            "vmalloc_agent_areas 0.0",
            "vmalloc_agent_blind 0.0",
            "vmalloc_agent_broker_away 0.0",
            "vmalloc_agent_malformed_lines_total 0.0",
            "vmalloc_agent_parse_seconds_total 0.0",
            "vmalloc_agent_read_seconds_total 0.0",
            "vmalloc_agent_readings_failed_total 0.0",
            "vmalloc_agent_readings_skipped_total 0.0",
            "vmalloc_agent_snapshots_acknowledged_total 7.0",
            "vmalloc_agent_snapshots_dropped_total 0.0",
            "vmalloc_agent_snapshots_taken_total 0.0",
            "vmalloc_agent_spool_age_seconds 3.0",
            "vmalloc_agent_spool_bytes 118.0",
            "vmalloc_agent_spool_snapshots 1.0");
  }

  @Test
  void health_is_ok_or_the_reasons_why_not() throws Exception {
    HttpResponse<String> well = get("/health");
    assertThat(well.statusCode()).isEqualTo(200);
    assertThat(well.body()).isEqualTo("ok\n");

    away = Optional.of("connection refused");

    HttpResponse<String> ill = get("/health");
    assertThat(ill.statusCode()).isEqualTo(503);
    assertThat(ill.body()).isEqualTo("broker-away: connection refused\n");
  }

  @Test
  void a_port_that_is_taken_is_named() {
    assertThatThrownBy(() -> MetricsServer.start("127.0.0.1", server.port(), null))
        .hasMessageContaining("metrics.port " + server.port())
        .hasMessageContaining("set others");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}

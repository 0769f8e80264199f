/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentConfigTest {
  @TempDir Path directory;

  @Test
  void defaults_are_those_of_a_host_with_a_broker_next_door() {
    AgentConfig config = AgentConfig.from(Map.of());

    assertThat(config)
        .hasToString(
            "bootstrap=127.0.0.1:9092 topic=vmalloc.snapshots kafka=[] file=/proc/vmallocinfo"
                + " interval=PT10S labels={} send.phys=true spool=/var/lib/vmalloc-agent"
                + " spool.max.bytes=67108864 spool.max.age=PT24H"
                + " metrics.address=127.0.0.1 metrics.port=0");
  }

  @Test
  void a_flag_goes_before_a_variable_and_that_before_the_file() throws IOException {
    Path file =
        settings(
            """
            bootstrap = file:9092
            interval = 30s
            spool.directory = none
            label.region = eu
            kafka.security.protocol = SSL
            """);

    AgentConfig config =
        AgentConfig.from(
            Optional.of(file),
            Map.of("VMALLOC_AGENT_INTERVAL", "20s", "VMALLOC_AGENT_LABEL_ROLE", "db"),
            Map.of("bootstrap", "flag:9092"));

    assertThat(config.bootstrap()).isEqualTo("flag:9092");
    assertThat(config.interval()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.spool()).isEmpty();
    assertThat(config.labels()).isEqualTo(Map.of("region", "eu", "role", "db"));
    assertThat(config.kafka()).isEqualTo(Map.of("security.protocol", "SSL"));
  }

  @Test
  void a_secret_is_read_from_its_file_and_not_shown() throws IOException {
    Path secret = Files.writeString(directory.resolve("password"), "geheim\n");
    Path file = settings("kafka.ssl.keystore.password.file = " + secret + "\n");

    AgentConfig config = AgentConfig.from(Optional.of(file), Map.of(), Map.of());

    assertThat(config.kafka()).isEqualTo(Map.of("ssl.keystore.password", "geheim"));
    assertThat(config.toString()).contains("ssl.keystore.password").doesNotContain("geheim");
  }

  @Test
  void a_property_of_kafka_that_ends_like_a_secret_passes_through() throws IOException {
    Path file = settings("kafka.sasl.oauthbearer.assertion.file = /run/token\n");

    assertThat(AgentConfig.from(Optional.of(file), Map.of(), Map.of()).kafka())
        .isEqualTo(Map.of("sasl.oauthbearer.assertion.file", "/run/token"));
  }

  @Test
  void every_problem_of_every_place_is_said_at_once() throws IOException {
    Path file =
        settings(
            """
            intervall = 5s
            metrics.port = 99999
            kafka.acks = some
            kafka.ssl.key.password.file = /nowhere
            """);

    assertThatThrownBy(
            () ->
                AgentConfig.from(
                    Optional.of(file),
                    Map.of("VMALLOC_AGENT_SPOOL_MAX_AGE", "soon"),
                    Map.of("interval", "5ms")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("intervall in " + file + " is not a setting: did you mean interval?")
        .hasMessageContaining("metrics.port in " + file + " is \"99999\"")
        .hasMessageContaining("Kafka refuses its settings")
        .hasMessageContaining("ssl.key.password.file is /nowhere, which cannot be read")
        .hasMessageContaining("VMALLOC_AGENT_SPOOL_MAX_AGE is \"soon\"")
        .hasMessageContaining("the interval is PT0.005S: expected 100ms or more");
  }

  private Path settings(String text) throws IOException {
    return Files.writeString(directory.resolve("agent.properties"), text);
  }
}

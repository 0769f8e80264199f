/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.pipeline.delivery.HttpAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertRoutingJobTest {
  @TempDir Path directory;

  @Test
  void every_operator_has_a_uid_of_ours() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    AlertRoutingJob.define(env, RoutingConfig.from(Map.of()), 0);

    assertThat(env.getStreamGraph(false).getStreamNodes())
        .isNotEmpty()
        .allSatisfy(
            node ->
                assertThat(node.getTransformationUID())
                    .as(node.getOperatorName())
                    .matches("(Sink Committer: )?[a-z-]+"));
  }

  @Test
  void reads_destinations_and_secrets_by_file() throws Exception {
    Path password = Files.writeString(directory.resolve("password"), "s3cret\n");

    RoutingConfig config =
        RoutingConfig.from(
            Map.of(
                "VMALLOC_ALERTS_ALERTMANAGERS",
                "http://am-1:9093/, https://am-2:9093/prefix",
                "VMALLOC_ALERTS_USERNAME",
                "fleet",
                "VMALLOC_ALERTS_PASSWORD_FILE",
                password.toString(),
                "VMALLOC_ALERTS_KAFKA_SASL_JAAS_CONFIG",
                "password=hidden"));

    assertThat(config.delivery().alertmanagers())
        .extracting(Object::toString)
        .containsExactly("http://am-1:9093", "https://am-2:9093/prefix");
    assertThat(config.delivery().access())
        .isEqualTo(new HttpAccess("fleet", password.toString(), "", "", Duration.ofSeconds(10)));
    assertThat(config.toString()).doesNotContain("s3cret").doesNotContain("hidden");
  }

  @Test
  void takes_the_kafka_of_the_other_job_where_none_is_named() {
    var environment =
        Map.of(
            "VMALLOC_PIPELINE_BOOTSTRAP", "kafka-1:9092",
            "VMALLOC_PIPELINE_KAFKA_SECURITY_PROTOCOL", "SSL",
            "VMALLOC_ALERTS_KAFKA_CLIENT_ID", "alerts");

    RoutingConfig config = RoutingConfig.from(environment);

    assertThat(config.bootstrap()).isEqualTo("kafka-1:9092");
    assertThat(config.kafka()).isEqualTo(Map.of("security.protocol", "SSL", "client.id", "alerts"));
  }

  @Test
  void the_readme_lists_every_setting_and_no_other() throws Exception {
    var documented = new TreeSet<String>();
    Pattern.compile("`(VMALLOC_ALERTS_[A-Z_]+\\*?)`")
        .matcher(Files.readString(Path.of("../README.md")))
        .results()
        .forEach(match -> documented.add(match.group(1)));

    assertThatThrownBy(() -> RoutingConfig.from(Map.of("VMALLOC_ALERTS_42", "")))
        .hasMessage(
            "VMALLOC_ALERTS_42 is not a setting; settings are " + String.join(", ", documented));
  }

  @Test
  void tells_every_mistake_at_once() {
    assertThatThrownBy(
            () ->
                RoutingConfig.from(
                    Map.of(
                        "VMALLOC_ALERTS_ALERTMANAGERS", "am-1:9093,http://u:p@am-2:9093",
                        "VMALLOC_ALERTS_USERNAME", "fleet",
                        "VMALLOC_ALERTS_BEARER_TOKEN_FILE", "/nowhere",
                        "VMALLOC_ALERTS_RESEND_INTERVAL", "10m")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            String.join(
                System.lineSeparator(),
                "VMALLOC_ALERTS_EXPIRY is below three times RESEND_INTERVAL: one lost request would resolve alerts",
                "VMALLOC_ALERTS_USERNAME and PASSWORD_FILE go together: one of them is missing",
                "VMALLOC_ALERTS_BEARER_TOKEN_FILE and USERNAME are both set: expected one of them",
                "VMALLOC_ALERTS_BEARER_TOKEN_FILE is /nowhere, which cannot be read",
                "VMALLOC_ALERTS_ALERTMANAGERS: \"am-1:9093\" is no address: expected one such as http://alertmanager:9093",
                "VMALLOC_ALERTS_ALERTMANAGERS: the address of am-2 holds credentials: give them by file instead"));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PipelineConfigTest {
  @Test
  void reads_every_setting_and_passes_kafka_properties_through() {
    PipelineConfig config =
        PipelineConfig.from(
            Map.of(
                "VMALLOC_PIPELINE_BOOTSTRAP", "kafka-1:9093,kafka-2:9093",
                "VMALLOC_PIPELINE_WINDOW", "30s",
                "VMALLOC_PIPELINE_GROWTH_BUCKET", "1h",
                "VMALLOC_PIPELINE_DETECTION_FLOOR", "16MiB",
                "VMALLOC_PIPELINE_KAFKA_SECURITY_PROTOCOL", "SASL_SSL"));

    assertThat(config.bootstrap()).isEqualTo("kafka-1:9093,kafka-2:9093");
    assertThat(config.window()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.detection().growth().bucket()).isEqualTo(Duration.ofHours(1));
    assertThat(config.detection().jump().floorBytes()).isEqualTo(16 << 20);
    assertThat(config.kafkaProperties())
        .containsExactly(Map.entry("security.protocol", "SASL_SSL"));
  }

  @Test
  void shows_no_secret() {
    PipelineConfig config =
        PipelineConfig.from(Map.of("VMALLOC_PIPELINE_KAFKA_SASL_JAAS_CONFIG", "hunter2"));

    assertThat(config.toString()).contains("sasl.jaas.config").doesNotContain("hunter2");
  }

  @Test
  void the_readme_lists_every_setting_and_no_other() throws Exception {
    var documented = new TreeSet<String>();
    Pattern.compile("`(VMALLOC_PIPELINE_[A-Z_]+\\*?)`")
        .matcher(Files.readString(Path.of("../README.md")))
        .results()
        .forEach(match -> documented.add(match.group(1)));

    assertThatThrownBy(() -> PipelineConfig.from(Map.of("VMALLOC_PIPELINE_42", "")))
        .hasMessage(
            "VMALLOC_PIPELINE_42 is not a setting; settings are " + String.join(", ", documented));
  }
}

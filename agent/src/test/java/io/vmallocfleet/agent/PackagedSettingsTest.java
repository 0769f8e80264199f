/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The settings file of the Debian package; maven runs tests in the module's directory. */
class PackagedSettingsTest {
  private static final Path PACKAGED = Path.of("src/main/deb/agent.properties");

  @Test
  void as_shipped_it_changes_nothing() {
    AgentConfig packaged = AgentConfig.from(Optional.of(PACKAGED), Map.of(), Map.of());

    assertThat(packaged).isEqualTo(AgentConfig.from(Map.of()));
  }

  @Test
  void what_is_commented_out_are_the_defaults(@TempDir Path directory) throws IOException {
    String everySetting =
        Files.readAllLines(PACKAGED).stream()
            .filter(line -> line.matches("#[a-z.]+ = .*"))
            .map(line -> line.substring(1))
            .collect(Collectors.joining("\n"));
    Path file = Files.writeString(directory.resolve("agent.properties"), everySetting);

    AgentConfig config = AgentConfig.from(Optional.of(file), Map.of(), Map.of());

    assertThat(everySetting.lines()).hasSize(10);
    assertThat(config).isEqualTo(AgentConfig.from(Map.of()));
  }

  @Test
  void examples_are_settings_the_agent_knows(@TempDir Path directory) throws IOException {
    Path secret = Files.writeString(directory.resolve("jaas"), "of no use");
    String examples =
        Files.readAllLines(PACKAGED).stream()
            .filter(line -> line.matches("#   [a-z.]+ = .*"))
            .map(line -> line.substring(4).replaceFirst("/run/credentials/.*", secret.toString()))
            .collect(Collectors.joining("\n"));
    Path file = Files.writeString(directory.resolve("agent.properties"), examples);

    AgentConfig config = AgentConfig.from(Optional.of(file), Map.of(), Map.of());

    assertThat(config.labels()).containsEntry("region", "eu1");
    assertThat(config.kafka())
        .containsEntry("security.protocol", "SASL_SSL")
        .containsEntry("sasl.jaas.config", "of no use");
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  @TempDir Path directory;

  @Test
  void reads_what_is_set_and_keeps_the_default_of_the_rest() {
    var settings =
        new Settings(
            "VMALLOC_X_",
            Map.of(
                "VMALLOC_X_INTERVAL", "500ms",
                "VMALLOC_X_FLOOR", "64MiB",
                "VMALLOC_X_COUNT", "7",
                "VMALLOC_X_PHYS", "false",
                "VMALLOC_X_KAFKA_SASL_MECHANISM", "PLAIN",
                "VMALLOC_X_NAME", "",
                "PATH", "/bin"));

    assertThat(settings.duration("INTERVAL", Duration.ofSeconds(5)))
        .isEqualTo(Duration.ofMillis(500));
    assertThat(settings.bytes("FLOOR", 1)).isEqualTo(64L << 20);
    assertThat(settings.number("COUNT", 1, 1, 9)).isEqualTo(7);
    assertThat(settings.flag("PHYS", true)).isFalse();
    assertThat(settings.text("NAME", "unset counts as unset")).isEqualTo("unset counts as unset");
    assertThat(settings.group("KAFKA")).containsExactly(Map.entry("sasl.mechanism", "PLAIN"));
    assertThatCode(settings::finish).doesNotThrowAnyException();
  }

  @Test
  void reports_every_problem_at_once_and_suggests_the_nearest_key() {
    var settings =
        new Settings(
            "VMALLOC_X_",
            Map.of(
                "VMALLOC_X_INTERVAL", "5x",
                "VMALLOC_X_COUNT", "10",
                "VMALLOC_X_INTERVALL", "5s",
                "VMALLOC_X_ENTIRELY_ELSE", "1"));
    settings.duration("INTERVAL", Duration.ofSeconds(5));
    settings.number("COUNT", 1, 1, 9);

    assertThatThrownBy(settings::finish)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            """
            VMALLOC_X_INTERVAL is "5x": expected a duration such as 5s or 1m
            VMALLOC_X_COUNT is "10": expected a whole number from 1 to 9
            VMALLOC_X_ENTIRELY_ELSE is not a setting; settings are VMALLOC_X_COUNT, VMALLOC_X_INTERVAL
            VMALLOC_X_INTERVALL is not a setting: did you mean VMALLOC_X_INTERVAL?"""
                .replace("\n", System.lineSeparator()));
  }

  @Test
  void flags_win_over_the_environment_and_that_over_the_file() throws IOException {
    Path file = settingsFile("a = file\nb = file\nc = file\nkafka.x = file\nkafka.y = file\n");
    var settings =
        new Settings(
            List.of(
                SettingsSource.file(file),
                SettingsSource.environment("X_", Map.of("X_B", "env", "X_C", "env")),
                SettingsSource.flags(Map.of("c", "flag", "kafka.y", "flag"))));

    assertThat(settings.text("A", "")).isEqualTo("file");
    assertThat(settings.text("B", "")).isEqualTo("env");
    assertThat(settings.text("C", "")).isEqualTo("flag");
    assertThat(settings.group("KAFKA")).isEqualTo(Map.of("x", "file", "y", "flag"));
    assertThatCode(settings::finish).doesNotThrowAnyException();
  }

  @Test
  void a_problem_names_the_key_as_its_place_spells_it() throws IOException {
    Path file = settingsFile("spool.max.age = never\nintervall = 5s\n");
    var settings =
        new Settings(
            List.of(
                SettingsSource.file(file),
                SettingsSource.environment("X_", Map.of("X_SPOL_MAX_AGE", "1d")),
                SettingsSource.flags(Map.of("interval", "5x"))));
    settings.duration("INTERVAL", Duration.ofSeconds(5));
    settings.duration("SPOOL_MAX_AGE", Duration.ofDays(1));

    assertThatThrownBy(settings::finish)
        .hasMessage(
            """
            --interval is "5x": expected a duration such as 5s or 1m
            spool.max.age in %1$s is "never": expected a duration such as 5s or 1m
            X_SPOL_MAX_AGE is not a setting: did you mean X_SPOOL_MAX_AGE?
            intervall in %1$s is not a setting: did you mean interval?"""
                .formatted(file)
                .replace("\n", System.lineSeparator()));
  }

  @Test
  void a_file_that_is_not_there_is_a_problem_of_its_own() {
    assertThatThrownBy(() -> SettingsSource.file(directory.resolve("none.properties")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("none.properties cannot be read")
        .hasMessageContaining("check the path");
  }

  private Path settingsFile(String text) throws IOException {
    return Files.writeString(directory.resolve("x.properties"), text);
  }
}

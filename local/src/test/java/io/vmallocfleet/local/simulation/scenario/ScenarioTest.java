/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.vmallocfleet.settings.Settings;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ScenarioTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  static List<String> names() {
    return Scenario.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_bundled_scenario_can_be_carried_out_under_several_seeds(String name) throws Exception {
    Scenario scenario = Scenario.find(name);
    for (long seed = 1; seed <= 5; seed++) {
      FleetPlan plan =
          FleetPlan.of(
              List.of(new FleetPlan.Named(name, scenario)),
              scenario.hosts(),
              START,
              Settings.parseDuration(scenario.duration()),
              seed);

      assertThat(plan.hosts()).hasSize(scenario.hosts());
      assertThat(plan.incidents().size()).isGreaterThanOrEqualTo(scenario.events().size());
      assertThat(plan.incidents()).allMatch(i -> i.benign() || !i.kinds().isEmpty());
    }
  }

  @Test
  void the_same_seed_strikes_the_same_hosts_and_another_seed_others() throws Exception {
    List<FleetPlan.Named> leaks =
        List.of(new FleetPlan.Named("slow-leaks", Scenario.find("slow-leaks")));

    FleetPlan first = FleetPlan.of(leaks, 80, START, Settings.parseDuration("7d"), 3);

    assertThat(FleetPlan.of(leaks, 80, START, Settings.parseDuration("7d"), 3)).isEqualTo(first);
    assertThat(FleetPlan.of(leaks, 80, START, Settings.parseDuration("7d"), 4).incidents())
        .isNotEqualTo(first.incidents());
  }

  @Test
  void everything_that_is_wrong_with_a_file_is_told_at_once_with_its_line() {
    String yaml =
        """
        about: Six mistakes.
        hosts: none
        duration: 3d
        events:
          - {type: leek, when: {at: 1h}}
          - {type: reboot, when: {at: soon, for: later}}
          - type: reboot
            when: {at: 1h}
            wen: 1
          - {type: silent, when: {at: 1h}}
          - {type: reboot}
        """;

    assertThatThrownBy(() -> ScenarioFile.read("x", yaml))
        .message()
        .satisfies(
            message ->
                assertThat(message.lines())
                    .satisfiesExactlyInAnyOrder(
                        l ->
                            assertThat(l).isEqualTo("x line 2 at hosts: expected how many, from 1"),
                        l ->
                            assertThat(l)
                                .startsWith(
                                    "x line 5 at events[0].type: \"leek\": expected one of [blind"),
                        l ->
                            assertThat(l)
                                .startsWith(
                                    "x line 6 at events[1].when.at: \"soon\": expected a duration"),
                        l ->
                            assertThat(l)
                                .startsWith(
                                    "x line 6 at events[1].when.for: \"later\": expected a duration"),
                        l ->
                            assertThat(l)
                                .startsWith("x line 9 at events[2].wen: expected one of [benign,"),
                        l ->
                            assertThat(l)
                                .startsWith(
                                    "x line 11 at events[4].when: Missing required creator property")));
  }

  @Test
  void what_is_no_yaml_is_told_with_its_line() {
    assertThatThrownBy(() -> ScenarioFile.read("x", "about: a\nhosts: {"))
        .hasMessageStartingWith("x line 2 is not YAML: ");
    assertThatThrownBy(() -> ScenarioFile.read("x", ""))
        .hasMessage("x line 1: expected about, hosts, duration and events");
  }

  @Test
  void the_published_schema_names_the_events_and_fields_that_are_read() throws Exception {
    JsonNode schema =
        new ObjectMapper().readTree(Path.of("..", "docs", "scenario.schema.json").toFile());
    Map<String, Set<String>> published = new TreeMap<>();
    for (JsonNode event : schema.at("/properties/events/items/oneOf")) {
      Set<String> fields = new TreeSet<>();
      event.path("properties").fieldNames().forEachRemaining(fields::add);
      published.put(event.at("/properties/type/const").asText(), fields);
    }

    Map<String, Set<String>> read = new TreeMap<>();
    for (JsonSubTypes.Type type : Event.class.getAnnotation(JsonSubTypes.class).value()) {
      Set<String> fields = new TreeSet<>(Set.of("type"));
      for (RecordComponent component : type.value().getRecordComponents()) {
        fields.add(new PropertyNamingStrategies.KebabCaseStrategy().translate(component.getName()));
      }
      read.put(type.name(), fields);
    }
    assertThat(read).isEqualTo(published);
  }

  @Test
  void every_event_that_cannot_be_carried_out_is_named() throws Exception {
    Scenario scenario =
        ScenarioFile.read(
            "x",
            """
            about: Two that cannot be.
            hosts: 9
            duration: 3d
            events:
              - {type: silent, when: {at: 1h}, where: {role: mainframe}}
              - {type: reboot, when: {at: 1h}}
              - {type: step, when: {at: 1h}, bytes: lots, whose: {family: bpf-maps}}
            """);

    assertThatThrownBy(
            () ->
                FleetPlan.of(
                    List.of(new FleetPlan.Named("x", scenario)),
                    9,
                    START,
                    Settings.parseDuration("3d"),
                    1))
        .hasMessageMatching(
            "x, event 1: none of 9 hosts is of role mainframe: take more hosts\nx, event 3: \"?lots.*");
  }
}

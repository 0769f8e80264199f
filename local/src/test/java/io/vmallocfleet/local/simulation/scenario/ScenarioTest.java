/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vmallocfleet.settings.Settings;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{about: a, hosts: 9, duration: 3d, events: [{type: leek}]}"
            + "|x line 1 at events[0]: Could not resolve type id 'leek'",
        "{about: a, hosts: 9, duration: 3d, events: [{type: reboot, when: {at: soon}}]}"
            + "|x line 1 at events[0].when.at: \"soon\": expected a duration such as 6h, or a share",
        "{about: a, hosts: 9, duration: 3d, events: [{type: reboot, when: {at: 1h}, wen: 1}]}"
            + "|x line 1 at events[0].wen: Unrecognized field \"wen\"",
        "{about: a, hosts: 9, duration: 3d, events: [{type: reboot}]}"
            + "|x line 1 at events[0].when: Missing required creator property 'when'",
        "{about: a|x line 1 is not YAML"
      })
  void a_file_that_is_not_understood_is_told_where_and_why(String yaml, String expected) {
    assertThatThrownBy(() -> Scenario.parse("x", yaml)).hasMessageStartingWith(expected);
  }

  @Test
  void an_event_that_no_host_fits_is_named() throws Exception {
    Scenario scenario =
        Scenario.parse(
            "x",
            "{about: a, hosts: 9, duration: 3d, events: [{type: silent, when: {at: 1h}, where:"
                + " {role: mainframe}}]}");

    assertThatThrownBy(
            () ->
                FleetPlan.of(
                    List.of(new FleetPlan.Named("x", scenario)),
                    9,
                    START,
                    Settings.parseDuration("3d"),
                    1))
        .hasMessageStartingWith("x, event 1: no host of 9 is as");
  }
}

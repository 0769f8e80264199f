/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.simulation.scenario.FleetPlan;
import io.vmallocfleet.local.simulation.scenario.Scenario;
import io.vmallocfleet.settings.Settings;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CorpusTest {
  private final Corpus corpus = Corpus.bundled();

  @Test
  void every_recording_can_be_made_under_every_seed() throws Exception {
    Set<Long> seeds = new HashSet<>(corpus.tuningSeeds());
    seeds.addAll(corpus.heldOutSeeds());
    for (Corpus.Entry entry : corpus.recordings()) {
      Scenario scenario = Scenario.find(entry.scenario());
      for (long seed : seeds) {
        FleetPlan plan =
            FleetPlan.of(
                List.of(new FleetPlan.Named(entry.scenario(), scenario)),
                entry.hosts(),
                Instant.EPOCH,
                Settings.parseDuration(entry.duration()),
                seed);

        assertThat(plan.incidents().size())
            .as("%s, seed %d", entry.scenario(), seed)
            .isGreaterThanOrEqualTo(scenario.events().size());
      }
    }
  }

  @Test
  void no_seed_is_both_for_tuning_and_held_out() {
    assertThat(corpus.heldOutSeeds()).doesNotContainAnyElementsOf(corpus.tuningSeeds());
  }

  @Test
  void a_part_of_it_is_small() {
    assertThat(corpus.recordings()).anyMatch(Corpus.Entry::small);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vmallocfleet.local.backtest.evaluation.Labels;
import io.vmallocfleet.local.simulate.FleetSimulation;
import io.vmallocfleet.local.simulate.SnapshotRecording;
import io.vmallocfleet.local.simulation.scenario.FleetPlan;
import io.vmallocfleet.local.simulation.scenario.Scenario;
import io.vmallocfleet.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** The recordings detectors are judged on, as {@code corpus.yaml} lists them. */
record Corpus(List<Long> tuningSeeds, List<Long> heldOutSeeds, List<Entry> recordings) {
  private static final String FILE = "corpus.yaml";
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");

  /**
   * A scenario on a fleet.
   *
   * @param small whether it belongs to the part that every build is checked against
   */
  record Entry(
      @JsonProperty(required = true) String scenario,
      @JsonProperty(required = true) int hosts,
      @JsonProperty(required = true) String duration,
      @JsonProperty(required = true) String interval,
      boolean small) {

    Duration every() {
      return Settings.parseDuration(interval);
    }

    /**
     * Writes the recording of one seed, and returns the truth about it.
     *
     * @param progress share of the time simulated, 0 to 1
     */
    Labels generate(long seed, Path file, FleetSimulation.Progress progress) throws IOException {
      Duration length = Settings.parseDuration(duration);
      var named = new FleetPlan.Named(scenario, Scenario.find(scenario));
      FleetPlan plan = FleetPlan.of(List.of(named), hosts, START, length, seed);
      var simulation = new FleetSimulation(plan, START, length, every(), seed);
      try (var recording = SnapshotRecording.create(file, seed)) {
        simulation.run(recording::append, progress);
      }
      return new Labels(simulation.labels());
    }
  }

  static Corpus bundled() {
    try (InputStream in = Corpus.class.getResourceAsStream(FILE)) {
      return YAMLMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
          .build()
          .readValue(in, Corpus.class);
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + " in our own jar", e);
    }
  }
}

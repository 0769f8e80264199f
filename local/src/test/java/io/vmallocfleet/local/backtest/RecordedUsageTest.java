/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.local.backtest.evaluation.SeriesPoint;
import io.vmallocfleet.local.backtest.evaluation.SeriesSource;
import io.vmallocfleet.local.backtest.evaluation.Usage;
import io.vmallocfleet.local.simulation.SimulatedRecording;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordedUsageTest {
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final int ROUNDS = 20;

  @TempDir private Path directory;
  private Path recording;

  @BeforeEach
  void record() throws IOException {
    recording = directory.resolve("fleet.avro");
    SimulatedRecording.write(recording, 3, START, ROUNDS, Duration.ofMinutes(1), true);
  }

  @Test
  void a_series_holds_what_the_caller_held_on_that_host_at_each_reading() throws IOException {
    List<Usage> told = new ArrayList<>();
    RecordedUsage.tell(
        recording, new HashMap<>(), List.<Consumer<Usage>>of(told::add), share -> {});
    List<SeriesPoint> expected =
        told.stream()
            .filter(u -> u.hostId().equals("id-2") && u.function().equals("htab_map_alloc"))
            .map(u -> new SeriesPoint(u.at(), u.bytes()))
            .toList();

    SeriesSource series =
        RecordedUsage.series(
            recording, Set.of(new RecordedUsage.Key("id-2", "htab_map_alloc")), share -> {});

    assertThat(expected).hasSize(ROUNDS);
    assertThat(series.series("id-2", "htab_map_alloc", "")).isEqualTo(expected);
    assertThat(series.series("id-1", "htab_map_alloc", "")).isEmpty();
  }

  @Test
  void the_total_of_a_host_has_a_series_too() throws IOException {
    SeriesSource series =
        RecordedUsage.series(recording, Set.of(new RecordedUsage.Key("id-0", "")), share -> {});

    assertThat(series.series("id-0", "", "")).hasSize(ROUNDS).allMatch(point -> point.value() > 0);
  }

  @Test
  void memory_is_told_of_each_host() throws IOException {
    Map<String, Long> memory = new HashMap<>();

    RecordedUsage.tell(recording, memory, List.of(), share -> {});

    assertThat(memory).containsOnlyKeys("id-0", "id-1", "id-2");
  }
}

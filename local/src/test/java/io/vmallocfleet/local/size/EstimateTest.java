/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EstimateTest {
  private static final MeasuredCosts COSTS =
      new MeasuredCosts(800, 100, 20, 50, 130, 10, 4_000, 1_000, 20_000);

  @Test
  void asks_for_the_cores_that_half_busy_do_the_work() {
    // 60,000 hosts a minute are 1,000 a second; 20 + 30 × 1,600/800 + 80 × 50/100 = 120 µs each.
    var estimate = new Estimate(new Fleet(60_000, Duration.ofMinutes(1), 50, 1_600), COSTS);

    assertThat(estimate.flinkCores()).isCloseTo(0.24, within(1e-9));
  }

  @Test
  void counts_state_by_host_and_caller() {
    var estimate = new Estimate(new Fleet(100_000, Duration.ofMinutes(5), 150, 800), COSTS);

    assertThat(estimate.state()).isEqualTo(100_000 * 20_000 * 1.5);
  }

  @Test
  void asks_for_the_heap_that_holds_the_state() {
    // 146 callers are twice those it was measured with; half a core is a slot.
    var estimate = new Estimate(new Fleet(100_000, Duration.ofHours(1), 146, 800), COSTS);

    assertThat(estimate.memory())
        .isCloseTo((1L << 30) + 1.5 * 100_000 * 36 * 1024 * 2, within(1.0));
  }

  @Test
  void prints_every_number_with_its_formula() {
    var out = new StringWriter();

    int code =
        new CommandLine(new SizeCommand())
            .setOut(new PrintWriter(out))
            .execute("--hosts=100000", "--interval=1m", "--callers=150");

    assertThat(code).isZero();
    assertThat(out.toString().lines())
        .first()
        .isEqualTo(
            "100,000 hosts every 60 s, 150 callers and 800 areas each: 1,667 snapshots/s, 1,333,333 areas/s");
    assertThat(out.toString()).contains("Flink\n  cores ").contains("3 replicas × (snapshots");
  }

  @Test
  void takes_the_figures_of_ones_own_machine(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("bench.json");
    Files.writeString(
        file,
        """
        {"load": {"hosts": 10},
         "filled": {"snapshots": 100, "areas": 80000, "callSites": 10000, "topicBytes": 400000},
         "hostWindowBytes": 1000,
         "variants": [
           {"letter": "a", "flinkMicros": {"median": 20}},
           {"letter": "b", "flinkMicros": {"median": 50}},
           {"letter": "c", "flinkMicros": {"median": 130}, "brokerMicros": {"median": 10},
            "runs": [{"checkpointBytes": 200000}]}]}
        """);

    assertThat(MeasuredCosts.of(file)).isEqualTo(COSTS);
  }

  @Test
  void says_what_a_file_of_figures_lacks(@TempDir Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("bench.json"), "{}");

    assertThatThrownBy(() -> MeasuredCosts.of(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + " has no variant (c): expected what bench --only abc --json wrote");
  }

  @Test
  void says_what_it_expects() {
    var err = new StringWriter();

    int code = new CommandLine(new SizeCommand()).setErr(new PrintWriter(err)).execute("--hosts=0");

    assertThat(code).isEqualTo(2);
    assertThat(err.toString()).contains("expected 1 or more of each");
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class BaselinesTest {
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  @Test
  void threshold_is_a_tenth_of_a_small_host_and_six_gibibytes_of_a_big_one() {
    // 10 % of 20 GiB is 2 GiB; of 256 GiB it would be 25.6 GiB, above 6 GiB.
    assertThat(threshold(20 * GIB, 3 * GIB).alerts()).hasSize(1);
    assertThat(threshold(256 * GIB, 3 * GIB).alerts()).isEmpty();
    assertThat(threshold(256 * GIB, 7 * GIB).alerts()).hasSize(1);
    assertThat(threshold(0, 7 * GIB).alerts()).hasSize(1);
  }

  @Test
  void threshold_sums_the_callers_of_a_host() {
    FixedThreshold threshold = new FixedThreshold(host -> 20 * GIB);

    threshold.observe(usage(0, "a", 3 * GIB / 2));
    threshold.observe(usage(0, "b", GIB));

    assertThat(threshold.alerts()).hasSize(1);
  }

  @Test
  void an_episode_is_one_alert_and_ends_when_it_is_back() {
    FixedThreshold threshold = new FixedThreshold(host -> 20 * GIB);

    long[] gib = {1, 3, 4, 1, 1, 3};
    for (int i = 0; i < gib.length; i++) {
      threshold.observe(usage(i, "a", gib[i] * GIB));
    }

    assertThat(threshold.alerts()).hasSize(2);
    assertThat(threshold.alerts().get(0).firedAt()).isEqualTo(Made.hour(1 / 12.0));
    assertThat(threshold.alerts().get(0).resolvedAt()).isEqualTo(Made.hour(3 / 12.0));
    assertThat(threshold.alerts().get(1).resolvedAt()).isNull();
  }

  @Test
  void least_squares_finds_steady_growth_after_half_a_day_and_no_level() {
    // 100 MiB a day are 100/288 MiB in five minutes; noise of ±2 MiB.
    IntToLongFunction leak = i -> 500 * MIB + i * 100 * MIB / 288 + (i % 2 * 4 - 2) * MIB;
    IntToLongFunction level = i -> 500 * MIB + (i % 2 * 4 - 2) * MIB;

    assertThat(fed(new LeastSquaresGrowth(), leak).alerts())
        .singleElement()
        .satisfies(a -> assertThat(a.firedAt()).isEqualTo(Made.hour(12)));
    assertThat(fed(new LeastSquaresGrowth(), level).alerts()).isEmpty();
  }

  @Test
  void trailing_mad_finds_a_step_until_the_day_has_got_used_to_it() {
    // Median 500 MiB, floor of sigma 5 MiB: the step of 100 MiB is 20 of them.
    IntToLongFunction step = i -> (i < 288 ? 500 : 600) * MIB;

    assertThat(fed(new TrailingMad(), step).alerts())
        .singleElement()
        .satisfies(
            a -> {
              assertThat(a.firedAt()).isEqualTo(Made.hour(24));
              // With 144 of 288 values new the median lies halfway, 50 MiB below: under the floor.
              assertThat(a.resolvedAt()).isEqualTo(Made.hour(36));
            });
  }

  private static FixedThreshold threshold(long memory, long bytes) {
    FixedThreshold threshold = new FixedThreshold(host -> memory);
    threshold.observe(usage(0, "a", bytes));
    return threshold;
  }

  private static Baseline fed(Baseline baseline, IntToLongFunction bytes) {
    for (int i = 0; i < 2 * 288; i++) {
      baseline.observe(usage(i, "a", bytes.applyAsLong(i)));
    }
    return baseline;
  }

  /** One value in five minutes. */
  private static Usage usage(int index, String function, long bytes) {
    return new Usage(Made.hour(index / 12.0), "h1", "h1.example", function, "", bytes);
  }
}

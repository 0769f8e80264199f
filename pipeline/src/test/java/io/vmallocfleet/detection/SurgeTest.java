/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class SurgeTest {

  private static final long MIB = Windows.MIB;
  private static final long TEN_MINUTES = 600_000;
  private static final int DAY = 144;

  @Test
  void finds_a_leak_of_ten_percent_an_hour_within_the_hour_after_64_mib() {
    // 600 MiB, from bucket 300 on 10 MiB more in each: 64 MiB after seven of them.
    Windows windows = after(310, bucket -> 600 + 10 * Math.max(0, bucket - 300));

    assertThat(windows.surges()).isNotEmpty();
    Detection.Leak surge = windows.surges().get(0);
    assertThat(surge.bytesPerHour()).isCloseTo(60.0 * MIB, within(0.5 * MIB));
    assertThat(surge.sinceMillis()).isEqualTo(300 * TEN_MINUTES);
    assertThat(surge.baselineBytes()).isEqualTo(600 * MIB);
    assertThat(surge.growthBytes()).isBetween(64 * MIB, 80 * MIB);
  }

  @Test
  void is_blind_to_what_rises_less_than_64_mib_in_four_hours() {
    // 24 buckets, 23 steps of 2.7 MiB are 62.1 MiB.
    assertThat(after(400, bucket -> 600 + 2.7 * Math.max(0, bucket - 300)).surges()).isEmpty();
  }

  @Test
  void passes_over_what_every_day_does() {
    Windows windows =
        after(10 * DAY, bucket -> 2000 + 500 * StrictMath.sin(2 * StrictMath.PI * bucket / DAY));

    // The first morning is new to it.
    assertThat(windows.surges()).allMatch(surge -> surge.sinceMillis() < DAY * TEN_MINUTES);
  }

  @Test
  void passes_over_a_step_and_a_cache_that_fills_in_an_hour() {
    assertThat(after(400, bucket -> bucket < 300 ? 600 : 900).surges()).isEmpty();
    assertThat(
            after(400, bucket -> 600 + 400 * (1 - StrictMath.exp(-Math.max(0, bucket - 300) / 6.0)))
                .surges())
        .isEmpty();
  }

  @Test
  void a_leak_keeps_its_pace_and_a_cache_that_fills_for_days_does_not() {
    // From bucket 300 on. Twelve hours are 72 buckets; the rise is seen from its first 64 MiB on.
    IntToDoubleFunction leak = bucket -> 600 + 10 * Math.max(0, bucket - 300);
    assertThat(after(365, leak).history().surge().keepsItsPace(SurgeSettings.DEFAULTS)).isFalse();
    assertThat(after(375, leak).history().surge().keepsItsPace(SurgeSettings.DEFAULTS)).isTrue();

    for (int hours : new int[] {6, 12, 24, 30}) {
      for (int bucket = 300; bucket < 600; bucket += 20) {
        Surge surge = after(bucket, filling(hours)).history().surge();
        assertThat(surge.keepsItsPace(SurgeSettings.DEFAULTS)).isFalse();
      }
    }
    assertThat(after(340, filling(30)).surges()).isNotEmpty();
  }

  /** 4 GiB with that time constant. */
  private static IntToDoubleFunction filling(int hours) {
    return bucket -> 600 + 4096 * (1 - StrictMath.exp(-Math.max(0, bucket - 300) / (6.0 * hours)));
  }

  @Test
  void ends_when_half_of_it_is_given_back() {
    Windows windows = after(320, bucket -> 600 + 10 * Math.max(0, bucket - 300));
    int reported = windows.surges().size();

    windows.steady(3, 600);

    assertThat(reported).isPositive();
    assertThat(windows.surges()).hasSize(reported);
    assertThat(windows.history().leaking()).isFalse();
  }

  @Test
  void ends_two_hours_after_it_stopped_rising() {
    Windows windows = after(320, bucket -> 600 + 10 * Math.max(0, bucket - 300));

    windows.steady(40, 790);

    assertThat(windows.history().leaking()).isFalse();
  }

  private static Windows after(int buckets, IntToDoubleFunction mib) {
    Windows windows = new Windows(CallerHistory.unknown(), DetectionSettings.DEFAULTS, TEN_MINUTES);
    for (int bucket = 0; bucket < buckets; bucket++) {
      windows.mib(mib.applyAsDouble(bucket));
    }
    return windows;
  }
}

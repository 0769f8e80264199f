/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class GrowthTest {

  private static final long MIB = Windows.MIB;
  private static final long FOUR_HOURS = GrowthSettings.DEFAULTS.bucket().toMillis();

  @Test
  void reports_a_line_with_its_rate_in_every_window_once_it_has_lasted() {
    Windows windows = Windows.ofOneBucket();

    for (int bucket = 0; bucket < 35; bucket++) {
      windows.mib(100 + 12 * bucket);
    }

    // Judged from 24 closed buckets on, a leak once that has held for six: 29 closed, which window
    // 29 shows; windows 29 to 34 report. Too few days for the seasonal test: s = 29 * 28 / 2 = 406,
    // variance 29 * 28 * 63 / 18 = 2842, z = 405 / 53.31 = 7.597. Thirds of 9: medians of buckets
    // 0-8 and 20-28 are 148 and 388. Rate 12 MiB in 4 hours = 3 MiB an hour.
    assertThat(windows.leaks()).hasSize(6);
    Detection.Leak first = windows.leaks().get(0);
    assertThat(first.score()).isCloseTo(7.597, within(0.001));
    assertThat(first.baselineBytes()).isEqualTo(148 * MIB);
    assertThat(first.growthBytes()).isEqualTo(240 * MIB);
    assertThat(first.bytesPerHour()).isCloseTo(3.0 * MIB, within(1.0));
    assertThat(first.sinceMillis()).isZero();
    assertThat(first.series())
        .hasSize(29)
        .startsWith(100 * MIB, 112 * MIB)
        .endsWith(424 * MIB, 436 * MIB);
  }

  @Test
  void dates_a_leak_to_the_last_bucket_on_the_low_level_and_keeps_the_date() {
    Windows windows = Windows.ofOneBucket();

    // 20 buckets at 100 and 102 in turn, then 10 MiB more in each: rises from bucket 19 on.
    for (int bucket = 0; bucket < 120; bucket++) {
      windows.mib(100 + bucket % 2 * 2 + 10 * Math.max(0, bucket - 19));
    }

    assertThat(windows.leaks()).isNotEmpty();
    assertThat(windows.leaks())
        .extracting(Detection.Leak::sinceMillis)
        .allMatch(since -> since >= 18 * FOUR_HOURS && since <= 21 * FOUR_HOURS);
    assertThat(windows.leaks().stream().map(Detection.Leak::sinceMillis).distinct()).hasSize(1);
  }

  @Test
  void stops_reporting_when_the_caller_gives_half_of_it_back() {
    // 35 closed buckets: baseline 160, growth 288, so held above 304 and given back from there on.
    assertThat(line(34, 12).mib(305).leaks()).hasSize(7);
    assertThat(line(34, 12).mib(304).leaks()).hasSize(6);
  }

  @Test
  void asks_for_64_mib_between_the_first_and_the_last_third() {
    // 48 buckets, thirds 32 buckets apart: 2 MiB a bucket are 64 MiB, 1.99 are not.
    assertThat(line(54, 2.00).leaks()).isNotEmpty();
    assertThat(line(54, 1.99).leaks()).isEmpty();
  }

  @Test
  void suspects_much_less_than_it_reports() {
    Windows slow = line(54, 0.1);

    assertThat(slow.leaks()).isEmpty();
    assertThat(slow.history().growth().trend()).isNotNull();
  }

  @Test
  void asks_for_3_percent_of_the_level() {
    // Thirds 32 buckets apart: 3.1 MiB a bucket are 99 MiB, 3 % of 3,306 MiB.
    assertThat(line(54, 3.1, 3000).leaks()).isNotEmpty();
    assertThat(line(54, 3.1, 5000).leaks()).isEmpty();
  }

  @Test
  void does_not_take_a_filling_cache_for_a_leak() {
    Windows windows = Windows.ofOneBucket();

    // 600 MiB with T = 30 buckets. With L buckets closed the shape ratio is exp(-L / 90), which
    // falls under 0.75 at L = 26: suspicious from bucket 24 on, but not for six buckets.
    for (int bucket = 0; bucket < 60; bucket++) {
      windows.mib(600 * (1 - StrictMath.exp(-bucket / 30.0)));
    }

    assertThat(windows.leaks()).isEmpty();
  }

  @Test
  void finds_a_leak_below_a_daily_wave_ten_times_its_daily_growth() {
    Windows windows = Windows.ofOneBucket();

    for (int bucket = 0; bucket < 80; bucket++) {
      windows.mib(2000 + 100 * StrictMath.sin(bucket * StrictMath.PI / 3) + 20 * (bucket / 6.0));
    }

    assertThat(windows.leaks()).isNotEmpty();
  }

  @Test
  void does_not_take_one_step_for_a_leak_wherever_it_stands() {
    for (int at = 1; at < 48; at++) {
      Windows windows = Windows.ofOneBucket().steady(at, 100).steady(60, 500);

      assertThat(windows.leaks()).as("step at %d", at).isEmpty();
    }
  }

  @Test
  void does_not_take_one_noisy_step_for_a_leak_wherever_it_stands() {
    SplittableRandom random = new SplittableRandom(0x5eed);
    for (int at = 1; at < 48; at++) {
      Windows windows = Windows.ofOneBucket();
      for (int bucket = 0; bucket < 100; bucket++) {
        windows.mib((bucket < at ? 300 : 500) + random.nextDouble(-20, 20));
      }

      assertThat(windows.leaks()).as("step at %d", at).isEmpty();
    }
  }

  @Test
  void does_not_take_a_sawtooth_for_a_leak() {
    Windows windows = Windows.ofOneBucket();

    for (int bucket = 0; bucket < 200; bucket++) {
      windows.mib(100 + bucket % 10 * 50);
    }

    assertThat(windows.leaks()).isEmpty();
  }

  @Test
  void one_bucket_at_zero_does_not_hide_a_leak() {
    Windows windows = Windows.ofOneBucket();

    for (int bucket = 0; bucket < 48; bucket++) {
      windows.mib(bucket == 25 ? 0 : 100 + 10 * bucket);
    }

    assertThat(windows.leaks().get(windows.leaks().size() - 1).series()).hasSize(47);
  }

  @Test
  void a_silent_host_leaves_the_rate_as_it_is() {
    Windows windows = Windows.ofOneBucket();
    for (int bucket = 0; bucket < 40; bucket++) {
      if (bucket >= 10 && bucket < 16) {
        windows.silent(1);
      } else {
        windows.mib(100 + 8 * bucket);
      }
    }

    // 8 MiB in four hours, over the six missing buckets too.
    Detection.Leak last = windows.leaks().get(windows.leaks().size() - 1);
    assertThat(last.bytesPerHour()).isCloseTo(2.0 * MIB, withinPercentage(3));
    assertThat(last.series().subList(9, 17))
        .containsExactly(
            172 * MIB, 172 * MIB, 172 * MIB, 172 * MIB, 172 * MIB, 172 * MIB, 172 * MIB, 228 * MIB);
  }

  @Test
  void a_silence_longer_than_the_ring_starts_it_again() {
    Windows windows = Windows.ofOneBucket().steady(30, 100).silent(50).steady(3, 200);

    // Closed since: two buckets of 200.
    assertThat(windows.history().growth().ring().minima()).containsExactly(51_200, 51_200);
  }

  @Test
  void passes_over_windows_before_the_first_bucket_boundary() {
    long hour = FOUR_HOURS / 4;
    Growth growth = Growth.unknown();

    for (int at = 3; at < 13; at++) {
      growth = growth.observe(at * hour, at, GrowthSettings.DEFAULTS);
    }

    // Hour 3 belongs to a bucket seen in part; hours 4-7 and 8-11 are whole, hour 12 begins one.
    assertThat(growth.ring().minima()).containsExactly(4, 8);
    assertThat(growth.ring().bucketStartMillis()).isEqualTo(12 * hour);
    assertThat(growth.ring().currentMinimum()).isEqualTo(12);
  }

  @Test
  void the_gates_turn_away_most_of_the_random_walks_that_fire_the_rank_test() {
    SplittableRandom random = new SplittableRandom(0xdecade);
    int rankTest = 0;
    int gates = 0;
    for (int walk = 0; walk < 2000; walk++) {
      int[] units = new int[48];
      short[] packed = new short[48];
      int at = 1 << 20;
      for (int bucket = 0; bucket < units.length; bucket++) {
        at += random.nextInt(-20_000, 20_001);
        units[bucket] = at;
        packed[bucket] = PackedUnits.pack(at);
      }
      rankTest += MannKendall.of(units).z() >= 5 ? 1 : 0;
      gates +=
          Trend.of(new BucketRing(packed, 48 * FOUR_HOURS, at), GrowthSettings.DEFAULTS) == null
              ? 0
              : 1;
    }

    // Nominally 0.0000003 of them; the rank test takes independent values for granted.
    assertThat(List.of(rankTest, gates)).containsExactly(391, 51);
  }

  @Property(tries = 200)
  void keeps_the_minima_that_a_list_of_all_windows_gives(
      @ForAll @Size(min = 1, max = 300) List<@IntRange(min = 1, max = 30) Integer> gaps,
      @ForAll @IntRange(max = 100_000) int startMinute) {
    GrowthSettings settings =
        DetectionSettings.DEFAULTS.withBucket(Duration.ofMinutes(10)).growth();
    SplittableRandom random = new SplittableRandom(startMinute);
    List<int[]> windows = new ArrayList<>();
    Growth growth = Growth.unknown();
    int minute = startMinute;
    for (int gap : gaps) {
      int[] window = {minute, random.nextInt(1000)};
      windows.add(window);
      growth = growth.observe(minute * 60_000L, window[1], settings);
      minute += gap;
    }

    int firstBucket = (startMinute + 9) / 10;
    int openBucket = Math.max(firstBucket, windows.get(windows.size() - 1)[0] / 10);
    int[] expected =
        IntStream.range(Math.max(firstBucket, openBucket - 48), openBucket)
            .map(
                bucket ->
                    windows.stream()
                        .filter(window -> window[0] / 10 == bucket)
                        .mapToInt(window -> window[1])
                        .min()
                        .orElse(-1))
            .dropWhile(units -> units == -1)
            .toArray();
    assertThat(growth.ring().minima()).isEqualTo(expected);
  }

  private static Windows line(int buckets, double mibPerBucket) {
    return line(buckets, mibPerBucket, 100);
  }

  /** A line over as many closed buckets, and one window more to show them. */
  private static Windows line(int buckets, double mibPerBucket, double from) {
    Windows windows = Windows.ofOneBucket();
    for (int bucket = 0; bucket <= buckets; bucket++) {
      windows.mib(from + bucket * mibPerBucket);
    }
    return windows;
  }
}

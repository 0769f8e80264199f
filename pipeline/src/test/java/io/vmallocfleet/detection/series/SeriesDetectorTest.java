/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesDetectorTest {
  private static final long START = 1_795_651_200_000L; // Thursday 26 November 2026
  private static final int POINTS = 3000;
  private static final int EVENT = 2500;

  private final SplittableRandom random = new SplittableRandom(42);

  @Test
  void state_is_within_512_bytes() {
    assertThat(SeriesDetector.STATE_BYTES).isEqualTo(430);
    assertThat(new SeriesDetector().state()).hasSize(430);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10, 60, 300, 3600, 86_400})
  void ranks_a_spike_first_at_any_sampling_rate(long seconds) {
    double[] scores = scores(seconds, noise().andThen(spike(12)));

    assertThat(argMax(scores)).isEqualTo(EVENT);
    assertThat(scores[EVENT]).isGreaterThan(5);
  }

  @Test
  void ranks_a_dip_a_step_a_burst_and_a_standstill_first() {
    assertThat(argMax(scores(60, noise().andThen(spike(-12))))).isEqualTo(EVENT);
    assertThat(argMax(scores(60, noise().andThen((i, v) -> i >= EVENT ? v + 8 : v))))
        .isBetween(EVENT, EVENT + 12);
    assertThat(argMax(scores(60, noise().andThen((i, v) -> i >= EVENT ? 6 * v : v))))
        .isBetween(EVENT, EVENT + 60);
    double[] stuck = scores(60, noise().andThen((i, v) -> i >= EVENT ? 0.25 : v));
    assertThat(Arrays.stream(stuck, 0, EVENT).max().orElseThrow()).isLessThan(4);
    assertThat(Arrays.stream(stuck, EVENT + 5, EVENT + 60).max().orElseThrow()).isGreaterThan(4);
  }

  @Test
  void sees_a_usual_value_at_an_unusual_hour() {
    // A day's wave from -10 to 10, read every ten minutes; one midday looks like a midnight.
    Series wave = (i) -> 10 * Math.sin(2 * Math.PI * i / 144) + 0.3 * gaussian();
    int noon = 144 * 17 + 36;

    double[] scores = scores(600, wave.andThen((i, v) -> Math.abs(i - noon) < 6 ? 0 : v));

    assertThat(argMax(scores)).isBetween(noon - 6, noon + 6);
    assertThat(scores[argMax(scores)]).isGreaterThan(4);
  }

  @Test
  void learns_the_hours_of_a_working_day_and_those_of_a_weekend() {
    // Office hours on working days only, read every quarter of an hour.
    Series office =
        i -> {
          long day = Math.floorMod(4 + i / 96, 7); // Thursday first
          boolean open = day != 0 && day != 6 && i % 96 >= 32 && i % 96 < 72;
          return (open ? 50 : 0) + gaussian();
        };
    SeriesDetector detector = new SeriesDetector();
    double[] surprises = new double[96 * 40];
    for (int i = 0; i < surprises.length; i++) {
      surprises[i] = detector.observe(START + i * 900_000L, office.at(i));
    }

    assertThat(detector.expected(START + 39 * 86_400_000L + 12 * 3_600_000))
        .isCloseTo(50, within(6d));
    // Day 37 after a Thursday is a Saturday.
    assertThat(detector.expected(START + 37 * 86_400_000L + 12 * 3_600_000))
        .isCloseTo(0, within(6d));
    assertThat(Arrays.stream(surprises).skip(96 * 15).filter(s -> s > 4).count()).isLessThan(3);
  }

  @Test
  void a_step_becomes_the_new_normal() {
    SeriesDetector detector = new SeriesDetector();
    double[] surprises = new double[12_000];
    for (int i = 0; i < surprises.length; i++) {
      surprises[i] = detector.observe(START + i * 60_000L, (i < 4000 ? 0 : 10) + gaussian());
    }

    assertThat(surprises[4000]).isGreaterThan(4);
    assertThat(detector.expected(START)).isCloseTo(10, within(1d));
    assertThat(Arrays.stream(surprises).skip(8000).max().orElseThrow()).isLessThan(4.5);
  }

  @Test
  void wonders_ever_less_at_a_spike_that_keeps_coming() {
    double[] scores = scores(60, noise().andThen((i, v) -> i > 400 && i % 100 == 50 ? v + 15 : v));

    double first = scores[450];
    double last = scores[POINTS - 50];
    assertThat(first).isGreaterThan(4);
    assertThat(last).isLessThan(first - 1.5);
  }

  /**
   * A surprise of s promises a chance of 10^-s. Shares of 200,000 points measured, 20 keys each:
   *
   * <pre>
   * series             >= 2    >= 3    >= 4    >= 6
   * Gauss           0.01347 0.00055 0.00000 0.00000
   * AR(1), 0.95     0.02023 0.00045 0.00002 0.00000
   * random walk     0.01757 0.00049 0.00005 0.00001
   * Student t, 2    0.03595 0.00329 0.00058 0.00004
   * exponential     0.02369 0.00167 0.00008 0.00000
   * small counts    0.03194 0.00180 0.00009 0.00000
   * daily wave      0.00582 0.00015 0.00000 0.00000
   * square wave     0.01503 0.00029 0.00000 0.00000
   * sawtooth        0.02773 0.00035 0.00000 0.00000
   * 20 once in 50   0.06376 0.00314 0.00030 0.00005
   * 20 once in 1000 0.02840 0.00097 0.00069 0.00015
   * </pre>
   */
  @Test
  void a_surprise_is_about_as_rare_as_it_says_whatever_the_noise() {
    double[] walk = {0};
    double[] regression = {0};
    Map<String, IntToDoubleFunction> nulls = new LinkedHashMap<>();
    nulls.put("Gauss", i -> gaussian());
    nulls.put("AR(1), 0.95", i -> regression[0] = 0.95 * regression[0] + gaussian());
    nulls.put("random walk", i -> walk[0] += gaussian());
    nulls.put("Student t, 2", i -> gaussian() / Math.sqrt(-Math.log(random.nextDouble())));
    nulls.put("exponential", i -> -Math.log(random.nextDouble()));
    nulls.put("small counts", i -> Math.floor(-Math.log(random.nextDouble())));
    nulls.put("daily wave", i -> 10 * Math.sin(2 * Math.PI * i / 1440) + gaussian());
    nulls.put("square wave", i -> 5 * (i / 50 % 2) + 0.3 * gaussian());
    nulls.put("sawtooth", i -> 6 * (i % 97) / 97.0 + 0.2 * gaussian());
    nulls.put("20 once in 50", i -> random.nextInt(50) == 0 ? 20 : 0);
    nulls.put("20 once in 1000", i -> random.nextInt(1000) == 0 ? 20 : 0);

    nulls.forEach(
        (name, series) -> {
          double[] shares = sharesAbove(series, 2, 3, 4, 6);
          assertThat(shares[0]).as(name).isBetween(0.002, 0.1);
          assertThat(shares[1]).as(name).isLessThan(0.006);
          assertThat(shares[2]).as(name).isLessThan(0.0015);
          assertThat(shares[3]).as(name).isLessThan(0.0003);
        });
  }

  @Test
  void says_nothing_in_a_series_that_stands_still_and_little_at_its_first_move() {
    SeriesDetector detector = new SeriesDetector();
    for (int i = 0; i < 999; i++) {
      assertThat(detector.observe(START + i * 60_000L, 5)).isZero();
    }

    // One move in 1,000 points: log10(1000) x 1000 / 1050 = 2.857.
    assertThat(detector.observe(START + 999 * 60_000L, 6)).isCloseTo(2.857, within(0.001));
  }

  @Test
  void a_gap_and_what_is_no_number_surprise_nobody() {
    SeriesDetector detector = new SeriesDetector();
    for (int i = 0; i < 1000; i++) {
      detector.observe(START + i * 60_000L, gaussian());
    }

    assertThat(detector.observe(START + 1000 * 60_000L, Double.NaN)).isZero();
    assertThat(detector.observe(START + 1000 * 60_000L, Double.POSITIVE_INFINITY)).isZero();
    assertThat(detector.observe(START + 9000 * 60_000L, 0.5)).isLessThan(1);
    assertThat(detector.points()).isEqualTo(1001);
  }

  @Test
  void stands_times_that_repeat_or_go_back() {
    SeriesDetector detector = new SeriesDetector();
    for (int i = 0; i < 1000; i++) {
      double surprise = detector.observe(START + (i % 7) * 60_000L, gaussian());
      assertThat(surprise).isFinite().isNotNegative();
    }
  }

  @Test
  void goes_on_from_its_state_as_if_nothing_had_been() {
    SeriesDetector through = new SeriesDetector();
    SeriesDetector restarted = new SeriesDetector();
    for (int i = 0; i < 3000; i++) {
      double value = 10 * Math.sin(i / 23.0) + gaussian() + (i % 700 == 699 ? 30 : 0);
      restarted = SeriesDetector.of(restarted.state());

      assertThat(restarted.observe(START + i * 300_000L, value))
          .isEqualTo(through.observe(START + i * 300_000L, value));
    }
  }

  @Test
  void scores_as_documented() {
    assertThat(SeriesDetector.anomalyScore(0)).isZero();
    assertThat(SeriesDetector.anomalyScore(3)).isCloseTo(0.5, within(0.002));
    assertThat(SeriesDetector.anomalyScore(10)).isCloseTo(0.9, within(1e-9));
    assertThat(SeriesDetector.anomalyScore(400)).isLessThanOrEqualTo(1);
  }

  @Property(tries = 25)
  void unit_and_zero_of_the_scale_do_not_matter(
      @ForAll @IntRange(max = 1_000_000) int seed,
      @ForAll @IntRange(min = -6, max = 6) int power,
      @ForAll @DoubleRange(min = -1e3, max = 1e3) double shift) {
    SplittableRandom own = new SplittableRandom(seed);
    SeriesDetector plain = new SeriesDetector();
    SeriesDetector moved = new SeriesDetector();
    for (int i = 0; i < 400; i++) {
      double value = own.nextInt(-100, 100) * (i % 97 == 96 ? 30 : 1);
      double surprise = plain.observe(i * 1000L, value);

      assertThat(moved.observe(i * 1000L, Math.pow(10, power) * (value + shift)))
          .isCloseTo(surprise, within(0.02 + 0.01 * surprise));
    }
  }

  @Property(tries = 25)
  void the_future_changes_no_score(@ForAll @IntRange(max = 1_000_000) int seed) {
    SplittableRandom own = new SplittableRandom(seed);
    double[] values = own.doubles(600).toArray();
    double[] other = values.clone();
    Arrays.fill(other, 300, 600, 1e9);

    assertThat(Arrays.copyOf(observed(values), 300)).isEqualTo(Arrays.copyOf(observed(other), 300));
  }

  private static double[] observed(double[] values) {
    SeriesDetector detector = new SeriesDetector();
    double[] surprises = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      surprises[i] = detector.observe(i * 60_000L, values[i]);
    }
    return surprises;
  }

  private static double[] sharesAbove(IntToDoubleFunction series, double... surprises) {
    double[] shares = new double[surprises.length];
    for (int key = 0; key < 20; key++) {
      SeriesDetector detector = new SeriesDetector();
      for (int i = 0; i < 10_000; i++) {
        double surprise = detector.observe(START + i * 60_000L, series.applyAsDouble(i));
        for (int bar = 0; bar < shares.length; bar++) {
          shares[bar] += surprise >= surprises[bar] ? 1 / 200_000.0 : 0;
        }
      }
    }
    return shares;
  }

  private static double[] scores(long seconds, Series series) {
    SeriesDetector detector = new SeriesDetector();
    double[] scores = new double[POINTS];
    for (int i = 0; i < POINTS; i++) {
      scores[i] = detector.observe(START + i * seconds * 1000, series.at(i));
    }
    return scores;
  }

  private static int argMax(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }

  private Series noise() {
    return i -> gaussian();
  }

  private static Change spike(double size) {
    return (i, value) -> i == EVENT ? value + size : value;
  }

  /** Irwin and Hall: the sum of twelve uniform draws has variance 1. */
  private double gaussian() {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }

  private interface Change {
    double apply(int point, double value);
  }

  private interface Series {
    double at(int point);

    default Series andThen(Change change) {
      return i -> change.apply(i, at(i));
    }
  }
}

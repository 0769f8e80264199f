/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static io.vmallocfleet.detection.SimulatedCaller.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JumpWatchTest {
  private static final long MIB = 1 << 20;
  private static final long MINUTE = 60_000;
  private static final JumpSettings DEFAULTS = JumpSettings.DEFAULTS;

  private final List<Detection.Jump> jumps = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();
  private JumpWatch watch = JumpWatch.unknown();
  private int window;

  @Test
  void tells_a_step_that_stays_until_it_is_the_usual_level() {
    steady(8, 100);
    steady(1, 300);
    assertThat(jumps).isEmpty();

    steady(300, 300);

    // From the second of 240 raised windows on.
    assertThat(jumps).hasSize(239);
    assertThat(jumps)
        .extracting(Detection.Jump::sinceMillis, Detection.Jump::baselineBytes)
        .containsOnly(tuple(8 * MINUTE, 100 * MIB));
    assertThat(jumps.get(0).stepBytes()).isEqualTo(200 * MIB);
    assertThat(ends).containsExactly("it has become the usual level");
  }

  @Test
  void a_step_that_falls_back_is_over() {
    steady(20, 100);
    steady(10, 300);
    steady(50, 100);

    assertThat(jumps).hasSize(9);
    assertThat(ends).containsExactly("it fell back");
  }

  @Test
  void passes_over_a_spike_of_one_window() {
    for (int hour = 0; hour < 10; hour++) {
      steady(20, 100);
      steady(1, 900);
    }

    assertThat(jumps).isEmpty();
    assertThat(ends).isEmpty();
  }

  @Test
  void passes_over_what_comes_up_bit_by_bit() {
    steady(50, 100);
    // 20 MiB a window, soon hundreds above the usual level, and then as much in one step.
    for (int i = 1; i <= 20; i++) {
      steady(1, 100 + 20 * i);
    }
    steady(20, 500);
    assertThat(jumps).isEmpty();

    watch = JumpWatch.unknown();
    steady(50, 100);
    steady(20, 500);
    assertThat(jumps).isNotEmpty();
  }

  @Test
  void tells_the_next_step_from_the_new_level() {
    steady(8, 100);
    steady(300, 300);
    jumps.clear();

    steady(5, 600);

    assertThat(jumps).hasSize(4);
    assertThat(jumps.get(0).baselineBytes()).isCloseTo(300 * MIB, within(MIB));
  }

  @Test
  void judges_nothing_before_it_is_warm() {
    steady(6, 100);
    steady(20, 300);

    assertThat(jumps).isEmpty();
  }

  @Test
  void asks_for_64_mib_a_quarter_of_the_level_and_eight_deviations() {
    assertThat(jumpsAfter(10, 73.9)).isEmpty();
    assertThat(jumpsAfter(10, 74)).isNotEmpty();
    assertThat(jumpsAfter(1000, 1249)).isEmpty();
    assertThat(jumpsAfter(1000, 1250)).isNotEmpty();

    watch = JumpWatch.unknown();
    jumps.clear();
    for (int i = 0; i < 50; i++) {
      steady(1, i % 2 == 0 ? 80 : 120);
    }
    steady(3, 200);
    assertThat(jumps).isEmpty();
  }

  @Test
  void only_a_rare_step_is_more_than_a_line_in_a_list() {
    steady(10, 100);
    steady(2, 300);
    assertThat(jumps.get(0).loud()).isFalse();

    watch = JumpWatch.unknown();
    jumps.clear();
    SimulatedCaller caller = new SimulatedCaller(1);
    IntToDoubleFunction noise = caller.whiteNoise(1);
    for (int i = 0; i < 2000; i++) {
      steady(1, 100 + noise.applyAsDouble(i));
    }
    steady(2, 300);
    assertThat(jumps.get(0).surprise()).isGreaterThan(10);
    assertThat(jumps.get(0).loud()).isTrue();
  }

  @Test
  void takes_a_caller_that_turns_up_large_on_a_watched_host_for_a_jump() {
    watch = JumpWatch.absentFor(30, 30 * MINUTE, MINUTE, DEFAULTS);
    window = 30;

    steady(3, 500);

    assertThat(jumps).extracting(Detection.Jump::stepBytes).containsExactly(500 * MIB, 500 * MIB);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1, 5, 7, 10, 20, 50, 100, 500})
  void a_steady_leak_is_not_told_as_ever_new_jumps(double mibPerWindow) {
    steady(30, 100);
    int begun = 0;
    for (int i = 1; i <= 1000; i++) {
      int before = jumps.size();
      boolean told = watch.told(0, DEFAULTS).isPresent();
      steady(1, 100 + i * mibPerWindow);
      begun += jumps.size() > before && !told ? 1 : 0;
    }

    assertThat(begun).isLessThanOrEqualTo(5);
  }

  @Test
  void is_within_its_share_of_memory() {
    steady(300, 100);
    assertThat(JumpWatch.STATE_BYTES).isEqualTo(466).isLessThan(DetectionSettings.STATE_BYTES);
    assertThat(watch.series()).hasSize(430);
  }

  @Test
  void keeps_quiet_about_callers_that_only_breathe() {
    // 20 keys, 21 days of quarters of an hour each.
    assertThat(begunADay(c -> sum(c.level(2048), c.whiteNoise(30)))).isZero();
    assertThat(begunADay(c -> sum(c.level(2048), c.autocorrelated(100, 4)))).isZero();
    assertThat(begunADay(c -> sum(c.level(2048), c.dailyWave(100)))).isZero();
    assertThat(begunADay(c -> sum(c.level(2048), c.randomWalk(128)))).isZero();
    assertThat(begunADay(c -> sum(c.level(512), c.fillingCache(1024, 1)))).isZero();
    assertThat(begunADay(c -> sum(c.level(512), c.whiteNoise(10), c.sawtooth(256, 6))))
        .isLessThan(0.05);
    assertThat(begunADay(c -> sum(c.level(512), c.whiteNoise(10), c.spikes(1024))))
        .isLessThan(0.02);
    // A job of 300 MiB for three hours, three hours off: eight edges a day, ever less of a
    // surprise.
    assertThat(begunADay(c -> sum(c.level(512), c.whiteNoise(10), c.job(300, 0.125))))
        .isLessThan(1);
    // And the one step of 256 MiB in 21 days is seen: 1 / 21.
    assertThat(begunADay(c -> sum(c.level(512), c.whiteNoise(10), c.step(256, 20))))
        .isCloseTo(1 / 21.0, within(0.005));
  }

  private double begunADay(Function<SimulatedCaller, IntToDoubleFunction> series) {
    int begun = 0;
    for (int key = 0; key < 20; key++) {
      IntToDoubleFunction mib = series.apply(new SimulatedCaller(key));
      JumpWatch caller = JumpWatch.unknown();
      for (int i = 0; i < 21 * SimulatedCaller.WINDOWS_PER_DAY; i++) {
        long bytes = (long) (Math.max(0, mib.applyAsDouble(i)) * MIB);
        boolean told = caller.told(bytes, DEFAULTS).isPresent();
        caller = caller.observe(i * SimulatedCaller.WINDOW_MILLIS, bytes, DEFAULTS).next();
        begun += !told && caller.told(bytes, DEFAULTS).isPresent() ? 1 : 0;
      }
    }
    return begun / (20 * 21.0);
  }

  private List<Detection.Jump> jumpsAfter(double before, double after) {
    watch = JumpWatch.unknown();
    jumps.clear();
    steady(8, before);
    steady(3, after);
    return List.copyOf(jumps);
  }

  private void steady(int windows, double mib) {
    for (int i = 0; i < windows; i++) {
      JumpWatch.Observation seen = watch.observe(window++ * MINUTE, (long) (mib * MIB), DEFAULTS);
      watch = seen.next();
      if (seen.jump() != null) {
        jumps.add(seen.jump());
      }
      seen.endedBecause().ifPresent(ends::add);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import static io.vmallocfleet.detection.SimulatedCaller.WINDOWS_PER_DAY;
import static io.vmallocfleet.detection.SimulatedCaller.WINDOW_MILLIS;
import static io.vmallocfleet.detection.SimulatedCaller.sum;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * What the defaults do on callers that leak and on callers that do not. Nothing here is a wish: the
 * table is what was measured, and a change of the detectors that moves it has to say so.
 *
 * <p>100 keys a row, 21 days, a window a quarter of an hour, sizes in MiB. "suspect" is the share
 * of keys ever suspected, "leak" of those ever reported as leaking by the slow test, "a day" how
 * often a key begins to be reported per key and day, "surge" the share reported by the fast test.
 * "delay" is the median in days from the onset, day 7, to the first report of a key that leaks.
 */
class CalibrationTest {

  private static final int KEYS = 100;
  private static final int DAYS = 21;
  private static final double ONSET_DAY = 7;
  private static final double HOUR = 1 / 24.0;

  @Test
  void keeps_quiet_about_noise_and_finds_leaks() {
    List<String> rows = new ArrayList<>();
    rows.add("caller                       suspect     leak   a day  delay    surge");

    // Noise of 30 on 2048: 1.5 %.
    rows.add(row("white noise", c -> sum(c.level(2048), c.whiteNoise(30))));
    rows.add(row("AR(1) over 1 hour", c -> sum(c.level(2048), c.autocorrelated(30, HOUR))));
    rows.add(row("AR(1) over 1 day", c -> sum(c.level(2048), c.autocorrelated(30, 1))));
    rows.add(row("AR(1) over 4 days, 100", c -> sum(c.level(2048), c.autocorrelated(100, 4))));
    rows.add(row("daily wave of 100", c -> sum(noisy(c, 2048, 30), c.dailyWave(100))));
    rows.add(row("random walk, 8 in a day", c -> sum(c.level(2048), c.randomWalk(8))));
    rows.add(row("random walk, 32 in a day", c -> sum(c.level(2048), c.randomWalk(32))));
    rows.add(row("random walk, 128 in a day", c -> sum(c.level(2048), c.randomWalk(128))));

    // Noise of 10 on 512.
    rows.add(row("one step of 256", c -> sum(noisy(c, 512, 10), c.step(256, DAYS))));
    rows.add(
        row("cache of 1024, T 6 hours", c -> sum(noisy(c, 512, 10), c.fillingCache(1024, 0.25))));
    rows.add(row("cache of 1024, T 1 day", c -> sum(noisy(c, 512, 10), c.fillingCache(1024, 1))));
    rows.add(row("cache of 1024, T 2 days", c -> sum(noisy(c, 512, 10), c.fillingCache(1024, 2))));
    rows.add(row("cache of 1024, T 5 days", c -> sum(noisy(c, 512, 10), c.fillingCache(1024, 5))));
    rows.add(
        row("cache of 1024, T 10 days", c -> sum(noisy(c, 512, 10), c.fillingCache(1024, 10))));
    rows.add(row("sawtooth of 256, 2 days", c -> sum(noisy(c, 512, 10), c.sawtooth(256, 2))));
    rows.add(row("sawtooth of 256, 6 days", c -> sum(noisy(c, 512, 10), c.sawtooth(256, 6))));
    rows.add(row("job of 300, 3 h on and off", c -> sum(noisy(c, 512, 10), c.job(300, 3 * HOUR))));
    rows.add(row("job of 300, 12 h on and off", c -> sum(noisy(c, 512, 10), c.job(300, 0.5))));
    rows.add(row("daily spike of 1024", c -> sum(noisy(c, 512, 10), c.spikes(1024))));

    // Noise of 30 on 2048 again: 0.5, 1, 2, 4 and 16 sigma a day.
    for (int mibPerDay : new int[] {15, 30, 60, 120, 480}) {
      rows.add(
          row(
              "leak of " + mibPerDay + " a day",
              c -> sum(noisy(c, 2048, 30), c.leak(mibPerDay, ONSET_DAY))));
    }

    assertThat(String.join("\n", rows))
        .isEqualTo(
            """
            caller                       suspect     leak   a day  delay    surge
            white noise                    0.0 %    0.0 %  0.0000      -    0.0 %
            AR(1) over 1 hour              0.0 %    0.0 %  0.0000      -    0.0 %
            AR(1) over 1 day               1.0 %    0.0 %  0.0000      -    0.0 %
            AR(1) over 4 days, 100        26.0 %    2.0 %  0.0010      -    0.0 %
            daily wave of 100              0.0 %    0.0 %  0.0000      -    0.0 %
            random walk, 8 in a day        0.0 %    0.0 %  0.0000      -    0.0 %
            random walk, 32 in a day      41.0 %    7.0 %  0.0043      -    0.0 %
            random walk, 128 in a day     44.0 %    7.0 %  0.0043      -    0.0 %
            one step of 256                0.0 %    0.0 %  0.0000      -    0.0 %
            cache of 1024, T 6 hours       0.0 %    0.0 %  0.0000      -    0.0 %
            cache of 1024, T 1 day         0.0 %    0.0 %  0.0000      -    0.0 %
            cache of 1024, T 2 days        0.0 %    0.0 %  0.0000      -    0.0 %
            cache of 1024, T 5 days       98.0 %    8.0 %  0.0038      -    0.0 %
            cache of 1024, T 10 days     100.0 %  100.0 %  0.1876      -    0.0 %
            sawtooth of 256, 2 days        0.0 %    0.0 %  0.0000      -    0.0 %
            sawtooth of 256, 6 days       45.0 %   23.0 %  0.0110      -    0.0 %
            job of 300, 3 h on and off     0.0 %    0.0 %  0.0000      -    0.0 %
            job of 300, 12 h on and off    0.0 %    0.0 %  0.0000      -    0.0 %
            daily spike of 1024            0.0 %    0.0 %  0.0000      -    0.0 %
            leak of 15 a day              99.0 %   11.0 %  0.0062   10.0    0.0 %
            leak of 30 a day             100.0 %   99.0 %  0.0776    6.7    0.0 %
            leak of 60 a day             100.0 %  100.0 %  0.0771    4.7    0.0 %
            leak of 120 a day            100.0 %  100.0 %  0.0529    4.0    0.0 %
            leak of 480 a day            100.0 %  100.0 %  0.0476    3.8    0.0 %""");
  }

  private static IntToDoubleFunction noisy(SimulatedCaller caller, double level, double sigma) {
    return sum(caller.level(level), caller.autocorrelated(sigma, HOUR));
  }

  private static String row(String name, Function<SimulatedCaller, IntToDoubleFunction> series) {
    Reports suspects = new Reports();
    Reports leaks = new Reports();
    Reports surges = new Reports();
    for (int key = 0; key < KEYS; key++) {
      IntToDoubleFunction mib = series.apply(new SimulatedCaller(key));
      CallerHistory history = CallerHistory.unknown();
      for (int window = 0; window < DAYS * WINDOWS_PER_DAY; window++) {
        long bytes = (long) (Math.max(0, mib.applyAsDouble(window)) * (1 << 20));
        CallerHistory.Observation observation =
            history.observe(window * WINDOW_MILLIS, bytes, DetectionSettings.DEFAULTS);
        history = observation.next();
        Trend trend = history.growth().trend();
        suspects.window(
            key, window, trend != null && CallerHistory.bytes(trend.growth()) >= 64 << 20);
        leaks.window(key, window, observation.growth() != null);
        surges.window(key, window, observation.surge() != null);
      }
    }
    String delay = name.startsWith("leak") ? "%.1f".formatted(leaks.medianDelayDays()) : "-";
    return "%-27s %8s %8s %7s %6s %8s"
        .formatted(name, suspects.keys(), leaks.keys(), leaks.begunADay(), delay, surges.keys());
  }

  /** When keys were reported as leaking. */
  private static final class Reports {

    private final List<Integer> firstWindows = new ArrayList<>();
    private int begun;
    private int reportedKey = -1;
    private boolean reporting;

    void window(int key, int window, boolean reported) {
      if (reported && (!reporting || window == 0)) {
        begun++;
        if (reportedKey != key) {
          reportedKey = key;
          firstWindows.add(window);
        }
      }
      reporting = reported;
    }

    String keys() {
      return "%.1f %%".formatted(100.0 * firstWindows.size() / KEYS);
    }

    String begunADay() {
      return "%.4f".formatted((double) begun / (KEYS * DAYS));
    }

    double medianDelayDays() {
      List<Integer> sorted = firstWindows.stream().sorted().toList();
      return (double) sorted.get(sorted.size() / 2) / WINDOWS_PER_DAY - ONSET_DAY;
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import io.vmallocfleet.schemas.ByteCount;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * A caller far above the median of its last day: at least 6 standard deviations, by the median
 * absolute deviation times 1.4826 and at least 1 % of the median, and at least 64 MiB, over at
 * least 24 values. Kind JUMP. It keeps a {@link TrailingDay} a key; what is bad enters it too, so
 * that a step is forgotten after half a day.
 */
public final class TrailingMad implements Baseline {
  private static final double Z = 6;
  private static final double MAD_TO_SIGMA = 1.4826;
  private static final double LEAST_SIGMA = 0.01;
  private static final double BYTES = 64 << 20;
  private static final int VALUES = 24;

  private final Map<Episodes.Key, TrailingDay> days = new RecentKeys<>();
  private final Episodes episodes = new Episodes("z by trailing MAD", "JUMP");

  @Override
  public void observe(Usage usage) {
    Episodes.Key key = Episodes.Key.of(usage);
    TrailingDay day = days.computeIfAbsent(key, k -> new TrailingDay());
    if (day.size() >= VALUES) {
      judge(key, usage, day);
    }
    day.add(usage.at(), usage.bytes());
  }

  @Override
  public List<AlertSpan> alerts() {
    return episodes.alerts();
  }

  private void judge(Episodes.Key key, Usage usage, TrailingDay day) {
    if (usage.bytes() < BYTES) {
      // No median is below 0: it cannot lie far enough above, and nothing needs sorting.
      episodes.good(key, usage.at());
      return;
    }
    double[] values = new double[day.size()];
    Arrays.setAll(values, day::value);
    double median = median(values);
    Arrays.setAll(values, i -> Math.abs(day.value(i) - median));
    double sigma = Math.max(MAD_TO_SIGMA * median(values), LEAST_SIGMA * median);
    double above = usage.bytes() - median;
    if (above >= BYTES && above >= Z * sigma) {
      episodes.bad(
          key,
          usage.hostname(),
          usage.at(),
          "%s above the median of its last day.".formatted(new ByteCount((long) above)));
    } else {
      episodes.good(key, usage.at());
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    int half = values.length / 2;
    return values.length % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  }
}

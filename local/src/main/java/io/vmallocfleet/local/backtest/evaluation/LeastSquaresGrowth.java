/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import io.vmallocfleet.schemas.ByteCount;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * A caller that grows by the t of an ordinary least squares line through its last day: t of at
 * least 10 (the textbook's 3.7 for one in 10,000 takes errors for independent, which they are not)
 * and at least 64 MiB a day, over at least 12 hours. Kind LEAK. It keeps a {@link TrailingDay} a
 * key.
 */
public final class LeastSquaresGrowth implements Baseline {
  private static final double T = 10;
  private static final double BYTES_PER_DAY = 64 << 20;
  private static final double HOURS = 12;

  /**
   * A line through values of a range R over a time T climbs by at most 1.5 R / T, as through a step
   * in the middle: below this the slope need not be worked out.
   */
  private static final double LEAST_RANGE = BYTES_PER_DAY * HOURS / 24 / 1.5;

  private final Map<Episodes.Key, TrailingDay> days = new RecentKeys<>();
  private final Episodes episodes = new Episodes("least squares t", "LEAK");

  @Override
  public void observe(Usage usage) {
    Episodes.Key key = Episodes.Key.of(usage);
    TrailingDay day = days.computeIfAbsent(key, k -> new TrailingDay());
    day.add(usage.at(), usage.bytes());
    if (day.size() < 3 || day.hours(day.size() - 1) < HOURS) {
      return;
    }
    if (day.highest() < LEAST_RANGE) {
      episodes.good(key, usage.at());
      return;
    }
    SimpleRegression line = new SimpleRegression();
    for (int i = 0; i < day.size(); i++) {
      line.addData(day.hours(i), day.value(i));
    }
    double perDay = line.getSlope() * 24;
    // A series without any noise has no standard error; its slope decides alone.
    double error = line.getSlopeStdErr();
    if (perDay >= BYTES_PER_DAY && (error == 0 || line.getSlope() / error >= T)) {
      episodes.bad(
          key,
          usage.hostname(),
          usage.at(),
          "Grows by %s a day.".formatted(new ByteCount((long) perDay)));
    } else {
      episodes.good(key, usage.at());
    }
  }

  @Override
  public List<AlertSpan> alerts() {
    return episodes.alerts();
  }
}

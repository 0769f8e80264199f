/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.Arrays;

/** Order statistics of short series. None changes its argument; an empty series gives NaN. */
final class RobustStatistics {

  /**
   * Makes the median absolute deviation of a normal sample estimate its standard deviation: 1 /
   * Phi^-1(3/4). Rousseeuw and Croux, "Alternatives to the Median Absolute Deviation", JASA 88,
   * 1993.
   */
  static final double MAD_TO_SIGMA = 1.4826;

  private RobustStatistics() {}

  static double median(int... values) {
    int[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : ((double) sorted[half - 1] + sorted[half]) / 2;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    if (sorted.length == 0) {
      return Double.NaN;
    }
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /** Standard deviation by the median absolute deviation from the median. */
  static double sigma(int[] values) {
    double median = median(values);
    double[] deviations = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      deviations[i] = Math.abs(values[i] - median);
    }
    return MAD_TO_SIGMA * median(deviations);
  }

  /**
   * Slope of Sen, "Estimates of the regression coefficient based on Kendall's tau", JASA 63, 1968:
   * the median slope over all pairs.
   *
   * @param positions of the values, ascending
   */
  static double theilSenSlope(int[] values, int[] positions) {
    double[] slopes = new double[values.length * (values.length - 1) / 2];
    int pair = 0;
    for (int later = 1; later < values.length; later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        slopes[pair++] =
            ((double) values[later] - values[earlier]) / (positions[later] - positions[earlier]);
      }
    }
    return median(slopes);
  }
}

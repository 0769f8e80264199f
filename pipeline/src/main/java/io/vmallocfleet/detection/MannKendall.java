/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.Arrays;

/**
 * Mann-Kendall test for a monotone trend: Mann, "Nonparametric tests against trend", Econometrica
 * 13, 1945; Kendall, "Rank Correlation Methods", 1975, for the variance under ties.
 *
 * <p>{@code s} counts pairs that rise less pairs that fall. Kept apart from its variance because
 * the seasonal test (Hirsch, Slack and Smith, "Techniques of trend analysis for monthly water
 * quality data", Water Resources Research 18, 1982) adds both up over the seasons before it takes
 * z.
 *
 * @param s rising pairs less falling pairs
 * @param variance of s when there is no trend
 */
record MannKendall(long s, double variance) {

  /** The test over values in time order; n(n-1)/2 comparisons. */
  static MannKendall of(int[] values) {
    long s = 0;
    for (int later = 1; later < values.length; later++) {
      for (int earlier = 0; earlier < later; earlier++) {
        s += Integer.compare(values[later], values[earlier]);
      }
    }
    int[] sorted = values.clone();
    Arrays.sort(sorted);
    double variance = weight(sorted.length);
    int tied = 1;
    for (int i = 1; i <= sorted.length; i++) {
      if (i < sorted.length && sorted[i] == sorted[i - 1]) {
        tied++;
      } else {
        variance -= weight(tied);
        tied = 1;
      }
    }
    return new MannKendall(s, variance);
  }

  /**
   * {@code n(n-1)(2n+5)/18}: the variance of s over n values, or what n equal ones take from it.
   */
  private static double weight(double n) {
    return n * (n - 1) * (2 * n + 5) / 18;
  }

  /**
   * Standard normal where there is no trend and no autocorrelation; 0 when all values are equal.
   */
  double z() {
    return s == 0 || variance <= 0 ? 0 : (s - Long.signum(s)) / Math.sqrt(variance);
  }

  /** z of n values each above the one before: no series of that length gives more. */
  static double highestZ(int n) {
    return new MannKendall((long) n * (n - 1) / 2, weight(n)).z();
  }
}

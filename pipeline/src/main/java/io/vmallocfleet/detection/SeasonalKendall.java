/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.Arrays;

/**
 * Kendall's test within each season, summed: a value is only held against values of the same hour
 * of other days, so that a daily rhythm neither makes a trend nor hides one. Hirsch, Slack and
 * Smith, "Techniques of trend analysis for monthly water quality data", Water Resources Research
 * 18, 1982.
 */
final class SeasonalKendall {
  private SeasonalKendall() {}

  /**
   * The test over values in time order.
   *
   * @param values {@link BucketRing#MISSING} where there is none
   * @param seasons values a day, from 1; 1 is {@link MannKendall}'s test
   */
  static MannKendall of(int[] values, int seasons) {
    long s = 0;
    double variance = 0;
    int[] season = new int[values.length / seasons + 1];
    for (int first = 0; first < Math.min(seasons, values.length); first++) {
      int seen = 0;
      for (int i = first; i < values.length; i += seasons) {
        if (values[i] != BucketRing.MISSING) {
          season[seen++] = values[i];
        }
      }
      MannKendall test = MannKendall.of(Arrays.copyOf(season, seen));
      s += test.s();
      variance += test.variance();
    }
    return new MannKendall(s, variance);
  }

  /** z of so many rising values: no series of that length gives more. */
  static double highestZ(int values, int seasons) {
    int[] rising = new int[values];
    Arrays.setAll(rising, i -> i);
    return of(rising, seasons).z();
  }
}

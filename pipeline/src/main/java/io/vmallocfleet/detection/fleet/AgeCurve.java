/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

/**
 * How much of a caller's level hosts usually gain in a day, by the days since they booted: a cache
 * that fills after every reboot. Learned over all kernel builds, so that a cohort which reboots at
 * once is compared with what reboots did before.
 *
 * @param share of the level, by class of age
 * @param weight buckets learned from, by class of age
 */
public record AgeCurve(double[] share, int[] weight) {

  /** A day of buckets, before it is believed. */
  static final int BELIEVED = 6;

  /** About a week of buckets. */
  private static final int MEMORY = 42;

  static AgeCurve unknown() {
    int classes = PopulationSum.ageClass(Integer.MAX_VALUE) + 1;
    return new AgeCurve(new double[classes], new int[classes]);
  }

  boolean isKnown(int age) {
    return weight[PopulationSum.ageClass(age)] >= BELIEVED;
  }

  /** Usual growth at an age in days, as a share of the level. */
  double at(int age) {
    return share[PopulationSum.ageClass(age)];
  }

  AgeCurve learning(int age, double seen) {
    int at = PopulationSum.ageClass(age);
    double[] shares = share.clone();
    int[] weights = weight.clone();
    weights[at] = Math.min(weight[at] + 1, MEMORY);
    shares[at] += (seen - share[at]) / weights[at];
    return new AgeCurve(shares, weights);
  }
}

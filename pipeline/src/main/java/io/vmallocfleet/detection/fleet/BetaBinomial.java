/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

/**
 * How many of {@code n} hosts show something by chance, where each does with probability {@code
 * mean} and they do not decide alone: the probability itself varies from day to day as a beta
 * distribution. Skellam, "A probability distribution derived from the binomial distribution by
 * regarding the probability of success as variable between the sets of trials", JRSS B 10, 1948.
 *
 * @param mean above 0, below 1
 * @param overdispersion correlation of two hosts, above 0, below 1: the variance is {@code 1 + (n -
 *     1) overdispersion} times the binomial's
 */
record BetaBinomial(double mean, double overdispersion) {

  /** Probability of k hosts or more; n multiplications. */
  double atLeast(long k, long n) {
    double together = 1 / overdispersion - 1;
    double a = mean * together;
    double b = (1 - mean) * together;
    double log = 0;
    for (long i = 0; i < n; i++) {
      log += Math.log((b + i) / (a + b + i));
    }
    double probability = Math.exp(log);
    double below = 0;
    for (long i = 0; i < k; i++) {
      below += probability;
      probability *= (double) (n - i) / (i + 1) * (a + i) / (b + n - i - 1);
    }
    return Math.max(0, 1 - below);
  }

  /** Standard deviations of k above what is expected. */
  double z(long k, long n) {
    double variance = n * mean * (1 - mean) * (1 + (n - 1) * overdispersion);
    return (k - n * mean) / Math.sqrt(variance);
  }
}

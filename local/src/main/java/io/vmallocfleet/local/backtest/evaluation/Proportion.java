/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import javax.annotation.Nullable;

/**
 * A share and its 95 % interval by E. B. Wilson, "Probable inference, the law of succession, and
 * statistical inference", JASA 22, 1927: with p the share of n and z = 1.96,
 *
 * <pre>(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n)</pre>
 *
 * <p>It stays within 0 and 1 and says something for 0 of n, where p ± z √(p(1-p)/n) does not.
 *
 * @param estimate null when there was nothing to count
 */
public record Proportion(
    long hits, long trials, @Nullable Double estimate, double low, double high) {
  private static final double Z = 1.959963984540054;

  static Proportion of(long hits, long trials) {
    if (hits < 0 || hits > trials) {
      throw new IllegalArgumentException("%d of %d is no share".formatted(hits, trials));
    }
    if (trials == 0) {
      return new Proportion(0, 0, null, 0, 1);
    }
    double n = trials;
    double p = hits / n;
    double centre = p + Z * Z / (2 * n);
    double half = Z * Math.sqrt(p * (1 - p) / n + Z * Z / (4 * n * n));
    double scale = 1 + Z * Z / n;
    return new Proportion(
        hits,
        trials,
        p,
        // Rounding must not make "none" a little more than none, or "all" a little less.
        hits == 0 ? 0 : (centre - half) / scale,
        hits == trials ? 1 : (centre + half) / scale);
  }
}

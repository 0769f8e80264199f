/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

/**
 * How many hosts of a caller usually grow steadily, and since when too many do. A leak on a part of
 * the fleet moves no mean; it shows here.
 *
 * @param mean share of the hosts that grow when nothing is found
 * @param variance of that share from bucket to bucket
 * @param learned buckets it was learned from
 * @param spell of too many; null while there is none
 */
public record Growers(double mean, double variance, int learned, Spell spell) {

  /** Hosts below which it is theirs, and the share of the fleet. */
  static final int FEWEST = 5;

  static final double LEAST_SHARE = 0.005;

  /** By chance once in 100,000 buckets of a caller, before persistence. */
  private static final double CHANCE = 1e-5;

  /** Before anything is learned: one host in 200 grows, and hosts hardly act together. */
  private static final double PRIOR = 0.005;

  private static final double LEAST_OVERDISPERSION = 0.002;
  private static final int PRIOR_WEIGHT = 6;
  private static final int MEMORY = 84;

  static Growers unknown() {
    return new Growers(PRIOR, 0, PRIOR_WEIGHT, null);
  }

  /** As many hosts shrink by chance as grow, so those say what chance does today. */
  BetaBinomial chance(Steady steady, long hosts) {
    double today = (steady.shrinking() + 1.0) / (hosts + 1);
    double share = Math.min(0.5, Math.max(mean, today));
    double binomial = share * (1 - share);
    double excess = variance / binomial - 1.0 / hosts;
    return new BetaBinomial(share, Math.min(0.5, Math.max(LEAST_OVERDISPERSION, excess)));
  }

  boolean isTooMany(Steady steady, long hosts) {
    return steady.growing() >= FEWEST
        && steady.growing() >= LEAST_SHARE * hosts
        && chance(steady, hosts).atLeast(steady.growing(), hosts) < CHANCE;
  }

  /** Takes the next bucket; a bucket in which too many grow teaches nothing. */
  Growers next(long bucket, Steady steady, long hosts) {
    if (isTooMany(steady, hosts)) {
      return with((spell == null ? Spell.from(bucket) : spell).shownAgain());
    }
    double share = hosts == 0 ? 0 : (double) steady.growing() / hosts;
    int weight = Math.min(learned + 1, MEMORY);
    double nextMean = mean + (share - mean) / weight;
    double off = share - mean;
    return new Growers(
        nextMean,
        variance + (off * off - variance) / weight,
        weight,
        spell == null ? null : spell.notShown());
  }

  Growers with(Spell newSpell) {
    return new Growers(mean, variance, learned, newSpell);
  }
}

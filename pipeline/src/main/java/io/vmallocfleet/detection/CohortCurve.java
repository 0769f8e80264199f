/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.Arrays;
import java.util.Collection;

/**
 * By how much one caller usually grows on hosts of one cohort at an age: what tells a cache that
 * fills after every boot from a leak. For each age the last {@value #SAMPLES} hosts that passed
 * through it are kept, whenever that was. 1.5 KiB a caller and cohort, mutable, not thread safe.
 *
 * <p>Hosts that leak are among the samples; the median passes over them as long as they are fewer
 * than half.
 *
 * @param growth {@link #SAMPLES} packed counts of 4 KiB an age, in no order
 * @param seen hosts that passed through each age so far
 */
public record CohortCurve(short[] growth, int[] seen) {
  static final int SAMPLES = 15;

  /** Fewest hosts whose median is worth more than a guess. */
  public static final int FEWEST = 8;

  public static CohortCurve ofAges(int ages) {
    return new CohortCurve(new short[ages * SAMPLES], new int[ages]);
  }

  /**
   * A host has come to this age.
   *
   * @param age in buckets; ages the curve does not have, and -1, are passed over
   * @param growthBytes over its ring; a fall counts as 0
   */
  public void observe(int age, long growthBytes) {
    if (age < 0 || age >= seen.length) {
      return;
    }
    int units =
        (int) Math.min(Math.max(0, growthBytes) / CallerHistory.UNIT_BYTES, Integer.MAX_VALUE);
    growth[age * SAMPLES + seen[age] % SAMPLES] = PackedUnits.pack(units);
    seen[age]++;
  }

  /** Median growth at this age, 0 when too few hosts have been seen at it. */
  public long typicalBytes(int age) {
    if (age < 0 || age >= seen.length || seen[age] < FEWEST) {
      return 0;
    }
    int known = Math.min(seen[age], SAMPLES);
    int[] units = new int[known];
    for (int i = 0; i < known; i++) {
      units[i] = PackedUnits.unpack(growth[age * SAMPLES + i]);
    }
    return CallerHistory.bytes(RobustStatistics.median(units));
  }

  /** Growth of hosts at one time, against which one of them is held. */
  public record Peers(int hosts, long medianBytes, double sigmaBytes) {

    public static Peers of(Collection<Long> growthBytes) {
      double[] values = growthBytes.stream().mapToDouble(Long::doubleValue).toArray();
      if (values.length < FEWEST) {
        return new Peers(values.length, 0, 0);
      }
      double median = RobustStatistics.median(values);
      double[] deviations = Arrays.stream(values).map(v -> Math.abs(v - median)).toArray();
      double sigma = RobustStatistics.MAD_TO_SIGMA * RobustStatistics.median(deviations);
      return new Peers(values.length, (long) median, Math.max(sigma, CallerHistory.UNIT_BYTES));
    }

    /** Whether there are enough of them to say anything. */
    public boolean areEnough() {
      return hosts >= FEWEST;
    }

    /** Robust z of one host's growth among theirs; 0 when they are too few. */
    public double z(long growthBytes) {
      return areEnough() ? (growthBytes - medianBytes) / sigmaBytes : 0;
    }
  }
}

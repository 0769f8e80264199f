/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.io.Serializable;
import java.time.Duration;

/**
 * Every constant of the detectors that look at many hosts.
 *
 * @param day length of the rhythm hosts live in; values are compared a day apart, so that it
 *     cancels
 * @param seasons buckets a day is cut into, 2 to 15; {@code day} divides into them without rest
 * @param looks how often a host is looked at in a bucket, from 4; the lowest value counts
 * @param minimumHosts hosts a cohort needs before its growth is judged, from 3
 * @param minimumUpgraded hosts that must have changed kernel before the kernels are compared
 * @param minimumCohort hosts among which one can be an outlier
 * @param minimumZ standard errors from nothing at which a population has moved
 * @param outlierZ robust deviations, of logarithms, at which a host is an outlier
 * @param floorBytes smallest excess of one outlier, and of a new caller, worth a ticket
 * @param regressionBytes smallest rise per host between kernels worth a word
 * @param regressionShare the same as a share of what the host held before
 * @param growthBytes smallest growth per host and day of a whole fleet worth a word
 * @param growthShare the same as a share of what a host holds
 * @param learning days before a caller can be new
 */
public record FleetSettings(
    Duration day,
    int seasons,
    int looks,
    int minimumHosts,
    int minimumUpgraded,
    int minimumCohort,
    double minimumZ,
    double outlierZ,
    long floorBytes,
    long regressionBytes,
    double regressionShare,
    long growthBytes,
    double growthShare,
    int learning)
    implements Serializable {

  /**
   * Chosen by reasoning, not fitted. Buckets of four hours, as hosts are watched in. Five standard
   * errors, because some 1,500 populations are judged six times a day and 3 in 10 million each
   * leaves one false word in a year; what errors they have in common is learned besides. The fleet
   * sees growth of 256 KiB and a thousandth a day, far less than a host can. Outliers by
   * logarithms: what callers hold is skewed; eight deviations there, because roles and sizes mix in
   * a cohort.
   */
  public static final FleetSettings DEFAULTS =
      new FleetSettings(
          Duration.ofDays(1),
          6,
          24,
          10,
          5,
          20,
          5,
          8,
          64L << 20,
          4L << 20,
          0.1,
          256L << 10,
          0.001,
          1);

  public FleetSettings {
    check(seasons >= 2 && seasons <= 15, "seasons", seasons, "2 to 15");
    check(looks >= 4, "looks", looks, "at least 4");
    check(
        day.toMillis() % ((long) seasons * looks) == 0 && day.toMillis() > 0,
        "day",
        day,
        "a multiple of " + seasons * looks + " ms");
    check(minimumHosts >= 3, "minimumHosts", minimumHosts, "at least 3");
    check(minimumUpgraded >= 3, "minimumUpgraded", minimumUpgraded, "at least 3");
    check(minimumCohort >= 8, "minimumCohort", minimumCohort, "at least 8");
    check(minimumZ > 0, "minimumZ", minimumZ, "above 0");
    check(outlierZ > 0, "outlierZ", outlierZ, "above 0");
    check(floorBytes >= 4096, "floorBytes", floorBytes, "at least 4096");
    check(regressionBytes >= 4096, "regressionBytes", regressionBytes, "at least 4096");
    check(growthBytes >= 4096, "growthBytes", growthBytes, "at least 4096");
    check(learning >= 1, "learning", learning, "at least 1");
  }

  /** The same with a day of another length, such as an hour for a trial. */
  public FleetSettings withDay(Duration newDay) {
    return new FleetSettings(
        newDay,
        seasons,
        looks,
        minimumHosts,
        minimumUpgraded,
        minimumCohort,
        minimumZ,
        outlierZ,
        floorBytes,
        regressionBytes,
        regressionShare,
        growthBytes,
        growthShare,
        learning);
  }

  /** The same with the shortest day that windows of a length allow: each is a look. */
  public FleetSettings withLooks(Duration window) {
    return withDay(window.multipliedBy((long) seasons * looks));
  }

  public long bucketMillis() {
    return day.toMillis() / seasons;
  }

  /** Number of the bucket a moment lies in, from the epoch. */
  public long bucketOf(long millis) {
    return Math.floorDiv(millis, bucketMillis());
  }

  /** First millisecond after a bucket. */
  public long endOf(long bucket) {
    return (bucket + 1) * bucketMillis();
  }

  int seasonOf(long bucket) {
    return (int) Math.floorMod(bucket, (long) seasons);
  }

  /** Which look of its bucket a window gives, from 0. */
  public int look(long windowStartMillis) {
    return (int) (Math.floorMod(windowStartMillis, bucketMillis()) / stepMillis());
  }

  /**
   * From when on the host is to be looked at again after a window. Hosts have their moments spread,
   * so that no window carries them all.
   */
  public long nextLookMillis(String hostId, long windowStartMillis) {
    long step = stepMillis();
    long phase = Math.floorMod(hostId.hashCode() * 0x9E3779B97F4A7C15L >>> 20, step);
    return (Math.floorDiv(windowStartMillis - phase, step) + 1) * step + phase;
  }

  private long stepMillis() {
    return bucketMillis() / looks;
  }

  private static void check(boolean satisfied, String name, Object value, String expected) {
    if (!satisfied) {
      throw new IllegalArgumentException(name + " is " + value + ": expected " + expected);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.Arrays;

/**
 * The growth of one population, bucket by bucket. Each bucket gives the mean growth of a host in a
 * day; these are strung together, season by season, to the path since growth began, so that the
 * daily rhythm never enters and hosts may come and go. Noise of a level does not add up along the
 * path, growth does: that is how the fleet sees what no host can.
 *
 * <p>What all hosts have in common (load, a holiday) is in no standard error. It is learned, as a
 * share of the level, from how a day's growth differs from that of the day before: where a level x
 * is noise, {@code x[t] - 2 x[t-1] + x[t-2]} has three times the variance of {@code x[t] - x[t-1]},
 * and a steady leak adds nothing to it.
 *
 * <p>A path must be even. Its last third must have grown nearly as much as the middle one, or it is
 * a cache that fills; and no third may lack growth, or it is a step that most hosts made, such as a
 * deployment. What noise explains is forgiven.
 *
 * @param sinceBucket first bucket of the path
 * @param path bytes per host, at most {@link #LONGEST}; empty while nothing grows
 * @param lastDay growth in each season of the last day, as a share of the level; NaN if unknown
 * @param commonVariance of a day's growth relative to the level
 * @param learned buckets it was learned from
 * @param misses buckets in a row that did not grow
 * @param silent buckets in a row without enough hosts
 * @param quiet buckets in a row in which what was found did not go on
 * @param open whether it was found and is not over
 */
public record GrowthRun(
    long sinceBucket,
    double[] path,
    double[] lastDay,
    double commonVariance,
    int learned,
    int misses,
    int silent,
    int quiet,
    boolean open) {

  static final int LONGEST = 48;

  /** Before anything is learned: half a percent a day, with the weight of a day. */
  private static final double PRIOR_SHARE = 0.005;

  private static final int PRIOR_WEIGHT = 6;

  /** Two weeks of four-hour buckets. */
  private static final int MEMORY = 84;

  private static final double[] NOTHING = {};

  /** How much of the middle third the last one must have grown: short paths are hardly bent. */
  private static final double SHORT_SHAPE = 0.9;

  private static final double SHAPE = 0.75;
  private static final int SHORT_DAYS = 3;

  /** How much of an even share each third must have grown. */
  private static final double EVEN = 0.4;

  /** Errors from which on growth is none of the noise that is learned. */
  private static final double CLEAR = 3;

  /** Errors of a third that noise explains. */
  private static final double FORGIVEN = 2.5;

  static GrowthRun unknown(FleetSettings settings) {
    double[] lastDay = new double[settings.seasons()];
    Arrays.fill(lastDay, Double.NaN);
    return new GrowthRun(
        0, NOTHING, lastDay, PRIOR_SHARE * PRIOR_SHARE, PRIOR_WEIGHT, 0, 0, 0, false);
  }

  /**
   * Takes the next bucket.
   *
   * @param day growth of a host in a day, mean and its standard error
   * @param level what a host holds, bytes
   */
  GrowthRun next(long bucket, Population.Moved day, double level, FleetSettings settings) {
    double z = day.mean() / error(day.standardError(), level);
    GrowthRun wiser =
        learning(settings.seasonOf(bucket), day.mean() / Math.max(level, 1), z < CLEAR);
    boolean grows = path.length == 0 ? z >= 1 : z >= 0;
    int missed = grows ? 0 : misses + 1;
    if (missed > 1 || z < -1 || path.length == 0 && !grows) {
      return wiser.on(sinceBucket, NOTHING, missed);
    }
    double before = path.length < settings.seasons() ? 0 : path[path.length - settings.seasons()];
    double[] longer = Arrays.copyOf(path, path.length + 1);
    longer[path.length] = before + day.mean();
    if (longer.length > LONGEST) {
      longer = Arrays.copyOfRange(longer, 1, longer.length);
    }
    return wiser.on(path.length == 0 ? bucket : sinceBucket, longer, missed);
  }

  private GrowthRun learning(int season, double share, boolean isNoise) {
    double change = share - lastDay[season];
    double[] day = lastDay.clone();
    day[season] = share;
    double variance = commonVariance;
    int weight = learned;
    if (isNoise && !Double.isNaN(change)) {
      weight = Math.min(learned + 1, MEMORY);
      // One wild day in a short memory must not blind the detector for weeks.
      double seen = Math.min(change * change / 3, 16 * commonVariance);
      variance += (seen - variance) / weight;
    }
    return new GrowthRun(sinceBucket, path, day, variance, weight, misses, silent, quiet, open);
  }

  private GrowthRun on(long since, double[] newPath, int missed) {
    return new GrowthRun(since, newPath, lastDay, commonVariance, learned, missed, 0, quiet, open);
  }

  private GrowthRun with(int newSilent, int newQuiet, boolean newOpen) {
    return new GrowthRun(
        sinceBucket,
        newSilent > 0 ? NOTHING : path,
        lastDay,
        commonVariance,
        learned,
        misses,
        newSilent,
        newQuiet,
        newOpen);
  }

  /** A bucket without enough hosts to say anything. */
  GrowthRun nextUnseen() {
    return with(silent + 1, quiet, open);
  }

  /** Found, or found before and still growing. */
  GrowthRun found() {
    return with(silent, 0, true);
  }

  /** Found before, and not going on. */
  GrowthRun resting() {
    return with(silent, quiet + 1, open);
  }

  GrowthRun closed() {
    return with(silent, 0, false);
  }

  boolean goesOn(Population.Moved day, double level, FleetSettings settings) {
    return path.length > 0 && day.mean() > 0 && isEven(error(day.standardError(), level), settings);
  }

  /** Growth since it began, bytes per host; 0 while nothing grows. */
  double growth() {
    return path.length == 0 ? 0 : path[path.length - 1];
  }

  /** Growth in standard errors, those common to all hosts included. */
  double z(double standardError, double level) {
    return growth() / error(standardError, level);
  }

  boolean isLeak(Population.Moved day, double level, FleetSettings settings) {
    int seasons = settings.seasons();
    if (path.length <= seasons) {
      return false;
    }
    double days = (double) path.length / seasons;
    double floor = Math.max(settings.growthBytes(), settings.growthShare() * level);
    return growth() >= days * floor
        && day.mean() >= floor / 2
        && z(day.standardError(), level) >= StudentT.asRareAs(settings.minimumZ(), day.hosts() - 1)
        && isEven(error(day.standardError(), level), settings);
  }

  private boolean isEven(double error, FleetSettings settings) {
    int n = path.length;
    double middle = path[2 * n / 3] - path[n / 3];
    double last = path[n - 1] - path[2 * n / 3];
    double first = path[n / 3] - path[0];
    double share = EVEN * (first + middle + last) / 3 - FORGIVEN * error;
    double shape = n < SHORT_DAYS * settings.seasons() ? SHORT_SHAPE : SHAPE;
    return last >= shape * middle - FORGIVEN * error
        && Math.min(first, Math.min(middle, last)) >= share
        && last > 0;
  }

  private double error(double standardError, double level) {
    double rounding = 4096.0 / 2;
    return Math.sqrt(
        standardError * standardError + commonVariance * level * level + rounding * rounding);
  }
}

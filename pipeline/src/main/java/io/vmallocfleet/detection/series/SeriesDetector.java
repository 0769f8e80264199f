/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.series;

import java.nio.ByteBuffer;

/**
 * Says of every point of a series, as it comes, how surprising it is after the points before it:
 * spikes, dips, level shifts, drifts, bursts of noise, and values that stand still. One set of
 * constants for every series and every sampling rate; nothing is fitted to data.
 *
 * <p>A point is held against the level and the usual hour of the day ({@link HourProfile}, as far
 * as that has proved to help), and the rest against a short-term prediction ({@link ShortTerm}).
 * Five magnitudes come of it, each in units of its own usual size:
 *
 * <ol>
 *   <li>the error of the prediction: a spike, the edge of a step;
 *   <li>the distance from level and hour: the right value at the wrong time, a step that stays;
 *   <li>the running mean of that distance: a drift;
 *   <li>recent errors against usual ones: a burst;
 *   <li>the length of a run of equal values, which is no rarer than the share of points that repeat
 *       the one before, multiplied as often: something is stuck.
 * </ol>
 *
 * <p>How rare each is, is read from how often this series has shown as much ({@link TailCounts}).
 * The rarest counts, the next one and the excess over the range ever seen add to it. What is
 * learned from a point is clipped (Huber, "Robust estimation of a location parameter", 1964) at
 * what comes up once in a hundred, and an unusual stretch counts an eighth: an anomaly is not soon
 * the norm, but what keeps coming is.
 *
 * <p>Surprise is minus the decimal logarithm of the estimated chance: 3 is one in a thousand. Not
 * thread-safe, no clock. State {@link #STATE_BYTES}, and a detector read back from it goes on
 * exactly as the one written.
 */
public final class SeriesDetector {

  /** Size of {@link #state()}. */
  public static final int STATE_BYTES =
      Double.BYTES
          + Long.BYTES
          + 3 * Integer.BYTES
          + 14 * Float.BYTES
          + Episode.BYTES
          + HourProfile.BYTES
          + ShortTerm.BYTES
          + 5 * TailCounts.BYTES;

  /** Points the level remembers; fewer and it follows a step before anybody has looked. */
  private static final int LEVEL_POINTS = 512;

  /** Points the usual sizes remember. */
  private static final int SCALE_POINTS = 2048;

  private static final int MEAN_POINTS = 12;
  private static final int BURST_POINTS = 16;

  /** Points after which the first impression counts half. */
  private static final int WARM_UP = 50;

  /** Share of the points that is usual whatever its size. */
  private static final double USUAL_SHARE = 0.01;

  private static final double CLIP = 4;

  /** What the second rarest magnitude adds: it is half a repetition of the rarest. */
  private static final double SECOND_SHARE = 0.3;

  /** Price of looking at five magnitudes: log10 of about half of five, as they go together. */
  private static final double LOOKS = 0.5;

  /** Silence of this many sampling intervals is a gap. */
  private static final double GAP = 10;

  /** Differences below this share of the usual one are standing still. */
  private static final double STILL = 0.02;

  /** Points in which the range forgets an extreme, by 1/e. */
  private static final double RANGE_POINTS = 8192;

  /** Ratio of standard deviation to mean absolute deviation under Gauss. */
  private static final double SIGMA = Math.sqrt(Math.PI / 2);

  private static final float LARGEST = 1e37f;

  private int points;
  private double origin;
  private long lastMillis;
  private float intervalMillis;

  private float level;
  private float plainLevel;
  private float plainDeviation;
  private float profiledDeviation;
  private float deviation;
  private float error;
  private float difference;
  private float mean;
  private float recentError;
  private float longError;
  private float previous;
  private float lowest;
  private float highest;
  private int still;

  /** Share of the points that stood still. */
  private float standing;

  private final Episode episode;
  private final HourProfile profile;
  private final ShortTerm shortTerm;
  private final TailCounts errors;
  private final TailCounts deviations;
  private final TailCounts means;
  private final TailCounts bursts;
  private final TailCounts runs;

  public SeriesDetector() {
    episode = new Episode();
    profile = new HourProfile();
    shortTerm = new ShortTerm();
    errors = TailCounts.unknown();
    deviations = TailCounts.unknown();
    means = TailCounts.unknown();
    bursts = TailCounts.unknown();
    runs = TailCounts.unknown();
  }

  private SeriesDetector(ByteBuffer state) {
    points = state.getInt();
    origin = state.getDouble();
    lastMillis = state.getLong();
    intervalMillis = state.getFloat();
    level = state.getFloat();
    plainLevel = state.getFloat();
    plainDeviation = state.getFloat();
    profiledDeviation = state.getFloat();
    deviation = state.getFloat();
    error = state.getFloat();
    difference = state.getFloat();
    mean = state.getFloat();
    recentError = state.getFloat();
    longError = state.getFloat();
    previous = state.getFloat();
    lowest = state.getFloat();
    highest = state.getFloat();
    still = state.getInt();
    standing = state.getFloat();
    episode = Episode.read(state);
    profile = HourProfile.read(state);
    shortTerm = ShortTerm.read(state);
    errors = TailCounts.read(state);
    deviations = TailCounts.read(state);
    means = TailCounts.read(state);
    bursts = TailCounts.read(state);
    runs = TailCounts.read(state);
  }

  /** A detector that goes on where the one went whose state this is. */
  public static SeriesDetector of(byte[] state) {
    return new SeriesDetector(ByteBuffer.wrap(state));
  }

  /** All it remembers. */
  public byte[] state() {
    ByteBuffer state = ByteBuffer.allocate(STATE_BYTES);
    state.putInt(points).putDouble(origin).putLong(lastMillis).putFloat(intervalMillis);
    state.putFloat(level).putFloat(plainLevel).putFloat(plainDeviation).putFloat(profiledDeviation);
    state.putFloat(deviation).putFloat(error).putFloat(difference).putFloat(mean);
    state.putFloat(recentError).putFloat(longError).putFloat(previous);
    state.putFloat(lowest).putFloat(highest).putInt(still).putFloat(standing);
    episode.write(state);
    profile.write(state);
    shortTerm.write(state);
    errors.write(state);
    deviations.write(state);
    means.write(state);
    bursts.write(state);
    runs.write(state);
    return state.array();
  }

  /**
   * Takes the next point. One that is not a finite number teaches nothing and surprises nobody.
   *
   * @param millis since the epoch; one not above the point before says nothing about the interval
   * @return surprise, from 0
   */
  public double observe(long millis, double value) {
    if (!Double.isFinite(value)) {
      return 0;
    }
    if (points == 0) {
      origin = value;
      lastMillis = millis;
    }
    double x = Math.max(-LARGEST, Math.min(LARGEST, value - origin));
    boolean gap = isGap(millis);
    points++;
    if (deviation == 0) {
      return episode.weighted(firstChange(millis, x));
    }
    double residual = x - level - profileShare() * profile.at(millis);
    double off = gap ? 0 : residual - shortTerm.predict(deviation);
    double clip = clip(errors);
    double surprise = surprise(x, residual, off, clip, gap) * points / (points + WARM_UP);
    learn(millis, x, residual, off, clip, gap);
    return episode.weighted(surprise);
  }

  /** What a point at that time is expected to be by level and hour, not by the points before it. */
  public double expected(long millis) {
    return origin + level + profileShare() * profile.at(millis);
  }

  /** Usual distance from what is expected, as a standard deviation; 0 as long as nothing moved. */
  public double deviation() {
    return deviation * SIGMA;
  }

  /** The last point; 0 before the first. */
  public double last() {
    return origin + previous;
  }

  /** Takes the last point for the level from now on, as when a step is old news. */
  public void acceptLevel(long millis) {
    double hour = profileShare() * profile.at(millis);
    level = (float) (previous - hour);
    plainLevel = previous;
    mean = 0;
    shortTerm.restart(0);
  }

  /** Points observed, up to the largest int. */
  public int points() {
    return points;
  }

  /** A surprise as a number from 0 to below 1: 3 gives 0.5, 10 gives 0.9, 20 gives 0.99. */
  public static double anomalyScore(double surprise) {
    return 1 - Math.pow(10, -surprise / 10);
  }

  private boolean isGap(long millis) {
    double elapsed = (double) millis - lastMillis;
    if (elapsed <= 0) {
      return false;
    }
    lastMillis = millis;
    if (intervalMillis == 0) {
      intervalMillis = (float) elapsed;
      return false;
    }
    boolean gap = elapsed > GAP * intervalMillis;
    if ((float) elapsed != intervalMillis) {
      double step = Math.max(-0.7, Math.min(0.7, Math.log(elapsed / intervalMillis)));
      intervalMillis *= (float) Math.exp(step / Math.min(points, 64));
    }
    return gap;
  }

  /** A series that has stood still for n points moves with a chance of 1 in n (Laplace). */
  private double firstChange(long millis, double x) {
    if (x == 0) {
      return 0;
    }
    // How far it will move is anybody's guess; the longer it stood, the smaller the usual move.
    double usual = Math.abs(x) / 4 * Math.min(1, 8.0 / points);
    deviation = error = difference = (float) usual;
    recentError = longError = plainDeviation = profiledDeviation = (float) usual;
    standing = (points - 1f) / points;
    double surprise = Math.log10(points) * points / (points + WARM_UP);
    learn(millis, x, x - level, 0, CLIP, false);
    return surprise;
  }

  /** The hour counts as far as it has made errors smaller: fully from a quarter on. */
  private double profileShare() {
    return plainDeviation == 0
        ? 0
        : Math.max(0, Math.min(1, 4 * (1 - profiledDeviation / plainDeviation)));
  }

  private double surprise(double x, double residual, double off, double clip, boolean gap) {
    int weight = episode.disturbed() ? 1 : TailCounts.POINT;
    double least = 1e-9 * (highest - lowest) + Float.MIN_NORMAL;
    double inErrors = Math.abs(off) / (error * SIGMA + least);
    double inDeviations = Math.abs(residual) / (deviation * SIGMA + least);
    mean += (float) ((residual - mean) / MEAN_POINTS);
    double inMeans = 2 * Math.abs(mean) / (deviation * SIGMA + least);
    if (!gap) {
      double clipped = Math.min(Math.abs(off), 2 * clip * error);
      recentError += (float) ((clipped - recentError) / BURST_POINTS);
    }
    double inBursts = 1.5 * (recentError + least) / (longError + least);
    boolean stands = !gap && Math.abs(x - previous) <= STILL * difference;
    int run = stands ? still + 1 : 0;

    double[] found = {
      errors.surprise(inErrors),
      deviations.surprise(inDeviations),
      means.surprise(inMeans),
      bursts.surprise(inBursts),
      run > 1 ? Math.min(runs.surprise(run), -run * Math.log10(standing)) : 0,
      novelty(x, least)
    };

    errors.add(inErrors, weight);
    deviations.add(inDeviations, weight);
    means.add(inMeans, weight);
    bursts.add(inBursts, weight);
    if (!stands) {
      runs.add(still, TailCounts.POINT);
    }
    still = run;
    standing += ((stands ? 1 : 0) - standing) / Math.min(points, SCALE_POINTS);
    return together(found);
  }

  /** A new extreme is no news in itself; the further it lies out of the range, the more it is. */
  private double novelty(double x, double least) {
    double outside = Math.max(x - highest, lowest - x) / (highest - lowest + least);
    if (outside <= 0) {
      return 0;
    }
    double ratio = Math.min(outside, 1e6);
    return Math.log10(points) * ratio / (ratio + 0.1) + 2 * Math.log10(1 + ratio);
  }

  private static double together(double[] surprises) {
    double rarest = 0;
    double second = 0;
    for (double surprise : surprises) {
      if (surprise > rarest) {
        second = rarest;
        rarest = surprise;
      } else {
        second = Math.max(second, surprise);
      }
    }
    return Math.max(0, rarest + SECOND_SHARE * second - LOOKS);
  }

  private void learn(long millis, double x, double residual, double off, double clip, boolean gap) {
    int memory = Math.min(points, SCALE_POINTS);
    int levelMemory = Math.min(points, LEVEL_POINTS);
    if (gap) {
      shortTerm.restart(residual);
      mean = (float) residual;
    } else {
      shortTerm.learn(clipped(off, CLIP * SIGMA * error), deviation);
      shortTerm.append(residual);
    }
    level += (float) (clipped(residual, CLIP * deviation) / levelMemory);
    deviation += moved(deviation, residual, clip(deviations), memory);
    longError += moved(longError, off, 2 * clip * error / longError, memory);
    error += moved(error, off, clip, memory);
    difference += moved(difference, x - previous, clip, memory);
    previous = (float) x;
    lowest += (float) (x < lowest ? x - lowest : (level - lowest) / RANGE_POINTS);
    highest += (float) (x > highest ? x - highest : (level - highest) / RANGE_POINTS);
    learnProfile(millis, x, Math.min(memory, SCALE_POINTS / 2), levelMemory);
  }

  private void learnProfile(long millis, double x, int memory, int levelMemory) {
    double limit = 1.5 * CLIP * plainDeviation;
    plainLevel += (float) (clipped(x - plainLevel, limit) / levelMemory);
    double plain = Math.abs(x - plainLevel);
    // An hour not seen yet must not look like one that helps.
    double profiled =
        profile.knows(millis) ? Math.abs(x - level - profile.at(millis)) : 1.1 * plain;
    plainDeviation += (float) ((Math.min(plain, limit) - plainDeviation) / memory);
    profiledDeviation += (float) ((Math.min(profiled, limit) - profiledDeviation) / memory);
    profile.observe(millis, x - plainLevel, CLIP * plainDeviation);
  }

  private static double clip(TailCounts usual) {
    return Math.max(CLIP, usual.exceededBy(USUAL_SHARE));
  }

  private static float moved(double usual, double value, double clip, int memory) {
    return (float) ((Math.min(Math.abs(value), clip * usual) - usual) / memory);
  }

  private static double clipped(double value, double limit) {
    return Math.max(-limit, Math.min(limit, value));
  }
}

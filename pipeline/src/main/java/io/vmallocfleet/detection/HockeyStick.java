/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import javax.annotation.Nullable;

/**
 * A level that rises in a straight line from some moment on, fitted by least squares to a short
 * series; of all moments the one that fits best is taken, the first value included.
 *
 * <p>A random walk rises too, and so long that rank tests believe it, but it wanders about its own
 * line about as far as it rises. What leaks does not, and a cache that fills bends away from the
 * line. {@link #straightness} tells them apart.
 *
 * @param knee index of the last value on the level; 0 when all of it rises
 * @param rise from the level to the end of the line
 * @param slope of the line, a position
 * @param wander from the lowest value below the fit to the highest above it
 */
record HockeyStick(int knee, double rise, double slope, double wander) {

  /** Fewest values a rise must have: of two points every line is straight. */
  private static final int RISING = 3;

  /**
   * The best fit; null when there is none, because a value is NaN.
   *
   * @param values from 4
   */
  static @Nullable HockeyStick fit(double[] values) {
    HockeyStick best = null;
    double least = Double.POSITIVE_INFINITY;
    for (int knee = 0; knee + RISING < values.length; knee++) {
      Line line = Line.through(values, knee);
      if (line.squares < least) {
        least = line.squares;
        double rise = line.slope * (values.length - 1 - knee);
        best = new HockeyStick(knee, rise, line.slope, line.highest - line.lowest);
      }
    }
    return best;
  }

  /** How many times its own wander the rise is; infinite when nothing wanders. */
  double straightness() {
    return rise / wander;
  }

  /** Fit of {@code level + slope * max(0, position - knee)}. */
  private record Line(double slope, double squares, double lowest, double highest) {

    static Line through(double[] values, int knee) {
      int n = values.length;
      double meanValue = 0;
      double meanRise = 0;
      for (int i = 0; i < n; i++) {
        meanValue += values[i] / n;
        meanRise += (double) Math.max(0, i - knee) / n;
      }
      double product = 0;
      double square = 0;
      for (int i = 0; i < n; i++) {
        double rise = Math.max(0, i - knee) - meanRise;
        product += rise * (values[i] - meanValue);
        square += rise * rise;
      }
      double slope = product / square;
      double squares = 0;
      double lowest = Double.POSITIVE_INFINITY;
      double highest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        double rest = values[i] - meanValue - slope * (Math.max(0, i - knee) - meanRise);
        squares += rest * rest;
        lowest = Math.min(lowest, rest);
        highest = Math.max(highest, rest);
      }
      return new Line(slope, squares, lowest, highest);
    }
  }
}

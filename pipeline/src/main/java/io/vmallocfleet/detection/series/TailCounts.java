/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.series;

import java.nio.ByteBuffer;

/**
 * How often a magnitude was as large as this one, and how often one larger than all of them is to
 * be expected: a histogram on a logarithmic scale, whose upper end is continued as a Pareto tail.
 *
 * <p>In a Pareto tail the bins of a logarithmic histogram hold geometrically fewer and fewer
 * points, so that its index follows from the mean bin alone; this is Hill's estimator for binned
 * data (Hill, "A simple general approach to inference about the tail of a distribution", 1975). The
 * tail begins where {@link #TAIL_SHARE} of the points are left. It is heavier than most: a
 * Gaussian's far tail is understated, never overstated.
 *
 * <p>Counts are eighths of a point. All are halved when they come to {@link #MEMORY} points, so
 * that old points fade. It starts from {@link #PRIOR} imaginary points of Student's t with four
 * degrees of freedom: with nothing seen yet, nothing is certain. 32 bytes.
 */
final class TailCounts {
  static final int BYTES = 32;

  /** Weight of one point. */
  static final int POINT = 8;

  private static final int BINS = BYTES / Character.BYTES;
  private static final double LOWEST = 0.5;
  private static final double BIN_WIDTH = Math.log(1.5);
  private static final int MEMORY = 4096;
  private static final int PRIOR = 32;
  private static final double TAIL_SHARE = 0.02;
  private static final double TAIL_POINTS = 8;

  /** Tail index where none is known yet, and how many points it is worth. */
  private static final double PRIOR_INDEX = 0.2;

  private static final double PRIOR_INDEX_POINTS = 10;

  /** Mean bin above the first in a tail of the prior index. */
  private static final double PRIOR_MEAN_BIN = 1 / Math.expm1(BIN_WIDTH / PRIOR_INDEX);

  /** How far counting binds the tail: larger is stricter on what has come up once before. */
  private static final double COUNTED_SHARE = 0.3;

  private static final double LN_10 = Math.log(10);

  /** Lower edge of each bin but the first, which begins at 0. */
  private static final double[] EDGES = new double[BINS + 1];

  private static final char[] PRIOR_COUNTS = new char[BINS];

  static {
    for (int bin = 0; bin <= BINS; bin++) {
      EDGES[bin] = LOWEST * Math.exp(BIN_WIDTH * bin);
    }
    double below = 0;
    for (int bin = 0; bin < BINS; bin++) {
      double upTo = bin == BINS - 1 ? 1 : studentsT4(EDGES[bin + 1]);
      PRIOR_COUNTS[bin] = (char) Math.round(PRIOR * POINT * (upTo - below));
      below = upTo;
    }
  }

  private final char[] counts = new char[BINS];
  private int total;

  private TailCounts() {}

  /** With the prior alone. */
  static TailCounts unknown() {
    var tail = new TailCounts();
    for (int bin = 0; bin < BINS; bin++) {
      tail.counts[bin] = PRIOR_COUNTS[bin];
      tail.total += PRIOR_COUNTS[bin];
    }
    return tail;
  }

  static TailCounts read(ByteBuffer state) {
    var tail = new TailCounts();
    for (int bin = 0; bin < BINS; bin++) {
      tail.counts[bin] = state.getChar();
      tail.total += tail.counts[bin];
    }
    return tail;
  }

  void write(ByteBuffer state) {
    for (char count : counts) {
      state.putChar(count);
    }
  }

  /**
   * @param magnitude from 0
   * @param weight in eighths of a point
   */
  void add(double magnitude, int weight) {
    counts[bin(magnitude)] += (char) weight;
    total += weight;
    if (total > MEMORY * POINT) {
      total = 0;
      for (int bin = 0; bin < BINS; bin++) {
        counts[bin] >>= 1;
        total += counts[bin];
      }
    }
  }

  /** Minus the decimal logarithm of the chance of a magnitude at least this large. */
  double surprise(double magnitude) {
    int first = BINS;
    double above = 0;
    double needed = Math.max(TAIL_POINTS * POINT, TAIL_SHARE * total);
    while (first > 0 && above < needed) {
      above += counts[--first];
    }
    return magnitude <= EDGES[first]
        ? countedSurprise(magnitude)
        : Math.min(tailSurprise(magnitude, first, above), seenSurprise(magnitude));
  }

  /** What is passed by this share of the points, at most: the upper edge of a bin. */
  double exceededBy(double share) {
    double above = 0;
    for (int bin = BINS - 1; bin > 0; bin--) {
      above += counts[bin];
      if (above >= share * total) {
        return EDGES[bin + 1];
      }
    }
    return EDGES[1];
  }

  private double countedSurprise(double magnitude) {
    int bin = bin(magnitude);
    double above = countsAbove(bin);
    if (2 * above > total) {
      return 0; // most points show more: no need to say how much more exactly
    }
    double within =
        magnitude <= LOWEST ? magnitude / LOWEST : Math.log(magnitude / EDGES[bin]) / BIN_WIDTH;
    double passed = above + counts[bin] * (1 - Math.min(1, within));
    return -Math.log10(Math.min(1, (passed + POINT) / (total + POINT)));
  }

  private double tailSurprise(double magnitude, int first, double above) {
    double bins = 0;
    for (int bin = first; bin < BINS; bin++) {
      bins += (double) counts[bin] * (bin - first);
    }
    double weight = PRIOR_INDEX_POINTS * POINT;
    double meanBin = (bins + weight * PRIOR_MEAN_BIN) / (above + weight);
    double index = BIN_WIDTH / Math.log1p(1 / meanBin);
    return -Math.log10(above / total) + Math.log(magnitude / EDGES[first]) / (index * LN_10);
  }

  /** Whatever the tail says, what has come up before comes up again. */
  private double seenSurprise(double magnitude) {
    int bin = bin(magnitude);
    double seen = countsAbove(bin) + counts[bin] * (bin == BINS - 1 ? 1 : 0.5);
    return seen == 0 ? Double.MAX_VALUE : -Math.log10(COUNTED_SHARE * seen / total);
  }

  private double countsAbove(int bin) {
    double above = 0;
    for (int higher = bin + 1; higher < BINS; higher++) {
      above += counts[higher];
    }
    return above;
  }

  private static int bin(double magnitude) {
    int bin = 0;
    while (bin < BINS - 1 && magnitude >= EDGES[bin + 1]) {
      bin++;
    }
    return bin;
  }

  /** Chance that Student's t with four degrees of freedom lies within z of 0, in closed form. */
  private static double studentsT4(double z) {
    double u = z / Math.sqrt(4 + z * z);
    return 1.5 * (u - u * u * u / 3);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.series;

import java.nio.ByteBuffer;

/**
 * Predicts the next deviation from the level out of the last three and their running mean, by
 * recursive least squares with forgetting (Haykin, "Adaptive Filter Theory", chapter on RLS): what
 * swings, climbs or clings to its last value surprises nobody by going on. Forgetting stops where
 * the inputs say too little, or the gain would grow without end.
 */
final class ShortTerm {
  private static final int INPUTS = 4;
  private static final int PAIRS = INPUTS * (INPUTS + 1) / 2;
  static final int BYTES = (2 * INPUTS + PAIRS) * Float.BYTES;

  private static final double REMEMBERED = 0.999;
  private static final double MOST_UNCERTAIN = 100;
  private static final float MEAN_POINTS = 16;

  /** The last three deviations, latest first, and their running mean. */
  private final float[] inputs = new float[INPUTS];

  private final float[] weights = new float[INPUTS];

  /** Upper triangle, row by row, of the inverse correlation of the inputs. */
  private final float[] inverse = new float[PAIRS];

  ShortTerm() {
    for (int i = 0; i < INPUTS; i++) {
      inverse[pair(i, i)] = 1;
    }
  }

  static ShortTerm read(ByteBuffer state) {
    var shortTerm = new ShortTerm();
    for (float[] values : shortTerm.arrays()) {
      for (int i = 0; i < values.length; i++) {
        values[i] = state.getFloat();
      }
    }
    return shortTerm;
  }

  void write(ByteBuffer state) {
    for (float[] values : arrays()) {
      for (float value : values) {
        state.putFloat(value);
      }
    }
  }

  private float[][] arrays() {
    return new float[][] {inputs, weights, inverse};
  }

  /**
   * @param deviation usual distance from the level: predictions go not far beyond
   */
  double predict(double deviation) {
    double sum = 0;
    for (int i = 0; i < INPUTS; i++) {
      sum += weights[i] * inputs[i];
    }
    double most = 4 * Math.abs(inputs[0]) + 8 * deviation;
    return Math.max(-most, Math.min(most, sum));
  }

  /**
   * @param error of the prediction, clipped
   * @param deviation usual distance from the level, above 0
   */
  void learn(double error, double deviation) {
    double[] gain = new double[INPUTS];
    double uncertain = 0;
    double denominator = REMEMBERED;
    for (int i = 0; i < INPUTS; i++) {
      for (int j = 0; j < INPUTS; j++) {
        gain[i] += inverse[pair(i, j)] * inputs[j] / deviation;
      }
      denominator += gain[i] * inputs[i] / deviation;
      uncertain += inverse[pair(i, i)];
    }
    double kept = uncertain < MOST_UNCERTAIN ? REMEMBERED : 1;
    for (int i = 0; i < INPUTS; i++) {
      weights[i] += (float) (gain[i] / denominator * error / deviation);
      for (int j = i; j < INPUTS; j++) {
        int pair = pair(i, j);
        inverse[pair] = (float) ((inverse[pair] - gain[i] * gain[j] / denominator) / kept);
      }
    }
  }

  void append(double residual) {
    inputs[2] = inputs[1];
    inputs[1] = inputs[0];
    inputs[0] = (float) residual;
    inputs[3] += (inputs[0] - inputs[3]) / MEAN_POINTS;
  }

  /** After a gap: only the latest point says anything about the next. */
  void restart(double residual) {
    inputs[2] = inputs[1] = inputs[0] = (float) residual;
  }

  private static int pair(int i, int j) {
    int row = Math.min(i, j);
    return row * (2 * INPUTS - row - 1) / 2 + Math.max(i, j);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.util.stream.DoubleStream;

/** The middle one of several measurements, and the outermost. */
record Spread(double median, double least, double most) {
  /**
   * @throws IllegalArgumentException if there is none
   */
  static Spread of(DoubleStream measured) {
    double[] sorted = measured.sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no measurement to take the median of");
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }
}

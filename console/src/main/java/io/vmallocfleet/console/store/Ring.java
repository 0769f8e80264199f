/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.Arrays;

/**
 * The last values of a few columns by window number, in one flat array of floats: 4 bytes a value,
 * 24 bits of precision, enough to plot. Windows nobody wrote are NaN. What is older than the ring
 * is long falls out by itself.
 *
 * <p>A stride above 1 keeps one value for that many windows, the last one written.
 */
final class Ring {
  private final int slots;
  private final int stride;
  private final int columns;
  private final float[] values;
  private long newest = Long.MIN_VALUE;

  Ring(int columns, int slots, int stride) {
    this.columns = columns;
    this.slots = slots;
    this.stride = stride;
    this.values = new float[columns * slots];
    Arrays.fill(values, Float.NaN);
  }

  /** Windows one slot stands for. */
  int stride() {
    return stride;
  }

  int slots() {
    return slots;
  }

  void set(long window, int column, double value) {
    long number = Math.floorDiv(window, stride);
    advanceTo(number);
    if (number > newest - slots) {
      values[index(number, column)] = (float) value;
    }
  }

  /** The value, NaN if there is none. */
  float at(long window, int column) {
    return atSlot(Math.floorDiv(window, stride), column);
  }

  /**
   * @param number window number divided by the stride
   */
  float atSlot(long number, int column) {
    return number <= newest && number > newest - slots ? values[index(number, column)] : Float.NaN;
  }

  private void advanceTo(long number) {
    if (number <= newest) {
      return;
    }
    if (newest == Long.MIN_VALUE || number - newest >= slots) {
      Arrays.fill(values, Float.NaN);
    } else {
      for (long n = newest + 1; n <= number; n++) {
        int from = index(n, 0);
        Arrays.fill(values, from, from + columns, Float.NaN);
      }
    }
    newest = number;
  }

  private int index(long number, int column) {
    return Math.floorMod(number, slots) * columns + column;
  }
}

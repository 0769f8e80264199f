/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import java.util.Arrays;

/** A growing list of ints; removal takes the last into the place of the removed. */
final class IntBag {
  private int[] values = new int[8];
  private int size;

  int size() {
    return size;
  }

  int get(int index) {
    return values[index];
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int removeAt(int index) {
    int removed = values[index];
    values[index] = values[--size];
    return removed;
  }

  /** Removes one and keeps the order of the others. */
  int shiftOut(int index) {
    int removed = values[index];
    System.arraycopy(values, index + 1, values, index, --size - index);
    return removed;
  }

  void clear() {
    size = 0;
  }
}

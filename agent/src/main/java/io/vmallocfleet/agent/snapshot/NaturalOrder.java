/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

/**
 * Sorts row numbers by an unsigned key. The kernel prints a few ascending runs (one, or one per
 * vmap node since 6.9), so this is a natural merge sort: O(rows × log runs), and nothing is
 * allocated once the buffers have grown.
 */
final class NaturalOrder {
  private int[] rows = new int[0];
  private int[] spare = new int[0];

  /**
   * Row numbers 0 to count - 1, ascending by key, equal keys in row order; valid until the next
   * call, may be longer than count.
   */
  int[] sort(int count, long[] keys) {
    if (rows.length < count) {
      rows = new int[Math.max(count, 2 * rows.length)];
      spare = new int[rows.length];
    }
    for (int i = 0; i < count; i++) {
      rows[i] = i;
    }
    while (mergeNeighbouringRuns(count, keys)) {
      int[] merged = spare;
      spare = rows;
      rows = merged;
    }
    return rows;
  }

  /** Merges runs two by two into the spare buffer; false, and nothing done, if there is one. */
  private boolean mergeNeighbouringRuns(int count, long[] keys) {
    int from = 0;
    boolean merged = false;
    while (from < count) {
      int middle = endOfRun(from, count, keys);
      if (from == 0 && middle == count) {
        return false;
      }
      int to = middle == count ? count : endOfRun(middle, count, keys);
      merge(from, middle, to, keys);
      merged = true;
      from = to;
    }
    return merged;
  }

  private int endOfRun(int from, int count, long[] keys) {
    int end = from + 1;
    while (end < count && Long.compareUnsigned(keys[rows[end - 1]], keys[rows[end]]) <= 0) {
      end++;
    }
    return end;
  }

  private void merge(int from, int middle, int to, long[] keys) {
    int left = from;
    int right = middle;
    for (int out = from; out < to; out++) {
      boolean takeLeft =
          right == to
              || left < middle && Long.compareUnsigned(keys[rows[left]], keys[rows[right]]) <= 0;
      spare[out] = rows[takeLeft ? left++ : right++];
    }
  }
}

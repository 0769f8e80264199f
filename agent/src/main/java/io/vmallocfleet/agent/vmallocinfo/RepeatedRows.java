/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.util.Arrays;

/**
 * Finds rows that an earlier row of the same table repeats: same ends, size, caller and flags. Only
 * asked where rows have an identity; pages are left out, because an area under construction grows
 * between two reads.
 */
final class RepeatedRows {

  /** Open addressing, linear probing, at most half full; row + 1, 0 is free. */
  private int[] slots = new int[512];

  private int mask;

  /** Forgets all rows and makes room for that many. */
  void begin(int rows) {
    int capacity = Math.max(512, Integer.highestOneBit(Math.max(1, rows)) << 2);
    if (slots.length < capacity) {
      slots = new int[capacity];
    } else {
      Arrays.fill(slots, 0, capacity, 0);
    }
    mask = capacity - 1;
  }

  /** Whether a row repeats one added before; if not it is added, under the index it will have. */
  boolean repeats(AreaTable table, int row, int indexIfNot) {
    long key = table.start(row) * 0x9e3779b97f4a7c15L + table.size(row);
    int slot = (int) (key ^ key >>> 32) & mask;
    while (slots[slot] != 0) {
      if (same(table, slots[slot] - 1, row)) {
        return true;
      }
      slot = (slot + 1) & mask;
    }
    slots[slot] = indexIfNot + 1;
    return false;
  }

  private static boolean same(AreaTable table, int one, int other) {
    return table.start(one) == table.start(other)
        && table.end(one) == table.end(other)
        && table.size(one) == table.size(other)
        && table.callSite(one) == table.callSite(other)
        && table.rawCaller(one) == table.rawCaller(other)
        && table.flags(one) == table.flags(other);
  }
}

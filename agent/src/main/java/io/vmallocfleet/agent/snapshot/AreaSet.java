/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import java.util.Arrays;

/**
 * The identities of one table's areas as a set: open addressing over columns, linear probing, at
 * most half full. Reusable, grows and never shrinks.
 */
final class AreaSet {
  private static final int FREE = 0;

  private int size;
  private long[] start = new long[0];
  private long[] end = new long[0];
  private long[] bytes = new long[0];
  private int[] callSite = new int[0];

  /** Index into the columns + 1. */
  private int[] slots = new int[0];

  /** How much of {@link #slots} is used for this table: a power of two. */
  private int capacity;

  void fill(AreaTable table) {
    clear(table.rows());
    for (int row = 0; row < table.rows(); row++) {
      add(table.start(row), table.end(row), table.size(row), table.callSite(row));
    }
  }

  /** Adds one to {@code counts[callSite + 1]} for each area here that is not in the other set. */
  void countMissingIn(AreaSet other, int[] counts) {
    for (int i = 0; i < size; i++) {
      if (other.slots[other.slot(start[i], end[i], bytes[i], callSite[i])] == FREE) {
        counts[callSite[i] + 1]++;
      }
    }
  }

  private void clear(int rows) {
    size = 0;
    if (start.length < rows) {
      int larger = Math.max(rows, start.length + start.length / 2);
      start = new long[larger];
      end = new long[larger];
      bytes = new long[larger];
      callSite = new int[larger];
    }
    capacity = Integer.highestOneBit(Math.max(8, rows)) * 4;
    if (slots.length < capacity) {
      slots = new int[capacity];
    } else {
      Arrays.fill(slots, 0, capacity, FREE);
    }
  }

  private void add(long itsStart, long itsEnd, long itsBytes, int itsCallSite) {
    int slot = slot(itsStart, itsEnd, itsBytes, itsCallSite);
    if (slots[slot] != FREE) {
      return;
    }
    start[size] = itsStart;
    end[size] = itsEnd;
    bytes[size] = itsBytes;
    callSite[size] = itsCallSite;
    slots[slot] = ++size;
  }

  /** Slot that holds the area, or the free one where it belongs. */
  private int slot(long itsStart, long itsEnd, long itsBytes, int itsCallSite) {
    int mask = capacity - 1;
    int slot = hash(itsStart, itsEnd, itsBytes, itsCallSite) & mask;
    while (slots[slot] != FREE) {
      int i = slots[slot] - 1;
      if (start[i] == itsStart
          && end[i] == itsEnd
          && bytes[i] == itsBytes
          && callSite[i] == itsCallSite) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private static int hash(long start, long end, long bytes, int callSite) {
    // Fibonacci hashing (Knuth, TAOCP 3, 6.4) after each field: pages differ in few, high bits.
    long hash = start * 0x9E3779B97F4A7C15L;
    hash = (hash ^ hash >>> 32 ^ end) * 0x9E3779B97F4A7C15L;
    hash = (hash ^ hash >>> 32 ^ bytes ^ callSite) * 0x9E3779B97F4A7C15L;
    return (int) (hash >>> 32);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.schemas.snapshot.Region;
import java.util.Arrays;

/**
 * Lays out areas whose addresses are hashed. One address has one hash within a boot, so an area
 * whose start hashes like another's end follows it without a gap: such areas are chained, heads in
 * file order. Everything else about their places stays unknown.
 *
 * <p>Hashes have 32 bits; two areas that start alike are a collision, and nothing is chained to
 * either.
 */
public final class HashChains {
  private static final int FREE = -1;
  private static final int AMBIGUOUS = -2;

  /** Open addressing by start hash, at most half full: row, or {@link #AMBIGUOUS}. */
  private int[] rowByStart = new int[0];

  private long[] startOfSlot = new long[0];
  private Place[] places = new Place[0];

  private enum Place {
    HEAD,
    FOLLOWER,
    LAID_OUT
  }

  /** Lays out all rows of a table in mode HASHED; the layout is replaced. */
  public void arrange(AreaTable table, Layout layout) {
    index(table);
    findFollowers(table);
    layout.clear(table.rows());
    chainAll(Place.HEAD, table, layout);
    // Collisions can close a chain to a ring without a head: every row must appear all the same.
    chainAll(Place.FOLLOWER, table, layout);
  }

  private void chainAll(Place from, AreaTable table, Layout layout) {
    for (int row = 0; row < table.rows(); row++) {
      if (places[row] == from) {
        chain(table, row, layout);
      }
    }
  }

  /** Lays out a row and all that follow it. */
  private void chain(AreaTable table, int head, Layout layout) {
    layout.add(head, Region.UNKNOWN, Layout.UNKNOWN_GAP);
    places[head] = Place.LAID_OUT;
    int next = rowStartingAt(table.end(head));
    while (next >= 0 && places[next] == Place.FOLLOWER) {
      layout.add(next, Region.UNKNOWN, 0);
      places[next] = Place.LAID_OUT;
      next = rowStartingAt(table.end(next));
    }
  }

  private void index(AreaTable table) {
    int slots = Integer.highestOneBit(Math.max(16, 2 * table.rows())) * 2;
    if (rowByStart.length < slots) {
      rowByStart = new int[slots];
      startOfSlot = new long[slots];
    }
    Arrays.fill(rowByStart, FREE);
    for (int row = 0; row < table.rows(); row++) {
      int slot = slot(table.start(row));
      boolean taken = rowByStart[slot] != FREE;
      rowByStart[slot] = taken ? AMBIGUOUS : row;
      startOfSlot[slot] = table.start(row);
    }
  }

  private void findFollowers(AreaTable table) {
    if (places.length < table.rows()) {
      places = new Place[Math.max(table.rows(), 2 * places.length)];
    }
    Arrays.fill(places, Place.HEAD);
    for (int row = 0; row < table.rows(); row++) {
      int next = rowStartingAt(table.end(row));
      if (next >= 0 && next != row) {
        places[next] = Place.FOLLOWER;
      }
    }
  }

  private int rowStartingAt(long address) {
    return rowByStart[slot(address)];
  }

  /** Slot that holds the address, or the free one where it belongs. */
  private int slot(long address) {
    int mask = rowByStart.length - 1;
    int slot = (int) (address * 0x9E3779B97F4A7C15L >>> 40) & mask;
    while (rowByStart[slot] != FREE && startOfSlot[slot] != address) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }
}

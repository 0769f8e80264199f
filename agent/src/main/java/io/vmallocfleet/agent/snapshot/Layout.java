/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import io.vmallocfleet.schemas.snapshot.Region;

/**
 * Where the areas of one table lie relative to each other: an order of its rows, and for each its
 * region and the gap before it. This is all that leaves the host of the addresses. Columns are
 * reused by the next arrangement.
 */
public final class Layout {
  /** The gap before an area whose predecessor is not known. */
  public static final long UNKNOWN_GAP = -1;

  private int rows;
  private int[] row = new int[0];
  private Region[] region = new Region[0];
  private long[] gap = new long[0];

  void clear(int capacity) {
    rows = 0;
    if (row.length < capacity) {
      int larger = Math.max(capacity, 2 * row.length);
      row = new int[larger];
      region = new Region[larger];
      gap = new long[larger];
    }
  }

  void add(int tableRow, Region itsRegion, long gapBefore) {
    row[rows] = tableRow;
    region[rows] = itsRegion;
    gap[rows] = gapBefore;
    rows++;
  }

  public int rows() {
    return rows;
  }

  /** Row of the table at a position of the order. */
  public int row(int position) {
    return row[position];
  }

  public Region region(int position) {
    return region[position];
  }

  /** Bytes since the end of the previous area in the same window, or {@link #UNKNOWN_GAP}. */
  public long gap(int position) {
    return gap[position];
  }
}

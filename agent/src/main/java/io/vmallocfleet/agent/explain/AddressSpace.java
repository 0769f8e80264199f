/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.agent.snapshot.AddressOrder;
import io.vmallocfleet.agent.snapshot.Layout;
import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.schemas.snapshot.Region;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The areas of a file with real addresses, in address order. Positions run from 0 to {@link #count}
 * - 1. Linear-map RAM that some vendor kernels list is not among them.
 */
public final class AddressSpace {
  private final AreaTable table;
  private final int[] rows;
  private final Region[] regions;
  private final boolean listedByNode;

  /**
   * Address space between two neighbours of one window that no row covers.
   *
   * @param before position of the area below; the one above is the next
   */
  public record Hole(int before, long start, long bytes) {}

  private AddressSpace(AreaTable table, int[] rows, Region[] regions, boolean listedByNode) {
    this.table = table;
    this.rows = rows;
    this.regions = regions;
    this.listedByNode = listedByNode;
  }

  /**
   * That of an explanation.
   *
   * @throws IllegalArgumentException if the file does not show real addresses
   */
  static AddressSpace of(Explanation explanation) {
    return explanation
        .addressSpace()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "addresses are " + explanation.table().mode() + ": expected REAL"));
  }

  static AddressSpace of(AreaTable table) {
    Layout layout = new Layout();
    new AddressOrder().arrange(table, layout);
    int[] rows = new int[layout.rows()];
    Region[] regions = new Region[layout.rows()];
    int count = 0;
    for (int position = 0; position < layout.rows(); position++) {
      if (layout.region(position) != Region.UNKNOWN) {
        rows[count] = layout.row(position);
        regions[count] = layout.region(position);
        count++;
      }
    }
    return new AddressSpace(
        table, Arrays.copyOf(rows, count), Arrays.copyOf(regions, count), listedByNode(table));
  }

  public int count() {
    return rows.length;
  }

  /** Row of the table. */
  public int row(int position) {
    return rows[position];
  }

  public Region region(int position) {
    return regions[position];
  }

  public long start(int position) {
    return table.start(rows[position]);
  }

  public long end(int position) {
    return table.end(rows[position]);
  }

  /** Whether the area is freed and waits for the next purge. */
  public boolean unpurged(int position) {
    return (table.flags(rows[position]) & AreaFlag.UNPURGED.bit()) != 0;
  }

  /**
   * Whether the kernel listed its areas vmap node by vmap node, as 6.9 and later do with more than
   * one CPU. If not, it may be older, or have one CPU.
   */
  public boolean listedByNode() {
    return listedByNode;
  }

  /** Whether the area above a position lies in the same window, so that a hole is between them. */
  boolean sameWindow(int position, int other) {
    return regions[position].window() == regions[other].window();
  }

  /** All holes, from the lowest. Areas that are freed but not purged bound holes like others. */
  public List<Hole> holes() {
    List<Hole> holes = new ArrayList<>();
    for (int position = 0; position + 1 < count(); position++) {
      long bytes = start(position + 1) - end(position);
      if (sameWindow(position, position + 1) && bytes > 0) {
        holes.add(new Hole(position, end(position), bytes));
      }
    }
    return holes;
  }

  /** Position of the area that holds an address, or -1. */
  int holding(long address) {
    int position = lastStartingUpTo(address);
    return position >= 0 && Long.compareUnsigned(address, end(position)) < 0 ? position : -1;
  }

  /** Position of the last area that starts at or below an address, or -1. */
  int lastStartingUpTo(long address) {
    int low = 0;
    int high = count();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(start(middle), address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /** Before 6.9 the areas in use are one ascending run, whatever follows them. */
  private static boolean listedByNode(AreaTable table) {
    long previous = 0;
    for (int row = 0; row < table.rows(); row++) {
      if ((table.flags(row) & AreaFlag.UNPURGED.bit()) == 0) {
        if (Long.compareUnsigned(table.start(row), previous) < 0) {
          return true;
        }
        previous = table.start(row);
      }
    }
    return false;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import io.vmallocfleet.agent.vmallocinfo.AddressMode;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.CallSites;
import java.util.Arrays;

/**
 * What came and went between two snapshots of one host, per call site. An area is the same if
 * start, end, size and call site are, so memory freed and taken again at the same place by the same
 * caller between two readings goes unseen. Rows without a caller, such as unpurged ones, count
 * under {@link CallSites#NONE}.
 *
 * <p>Nothing is counted, and the next snapshot starts the comparison afresh, where rows have no
 * identity, where the mode is not the one before (a hash is never an address), and where the
 * dictionary of callers started afresh. Keeps about 45 bytes an area, no object. Not thread safe.
 */
public final class Churn {
  private AreaSet before = new AreaSet();
  private AreaSet now = new AreaSet();
  private AddressMode modeBefore = AddressMode.UNKNOWN;
  private int generationBefore;

  /** By call site + 1, so that rows without a caller have a place. */
  private int[] added = new int[0];

  private int[] removed = new int[0];
  private int callSites;

  /** Counts what changed since the table of the last call. */
  void compare(AreaTable table) {
    clearCounts(table.callSites().size());
    if (!table.mode().identifiesAreas()) {
      forget();
      return;
    }
    now.fill(table);
    if (table.mode() == modeBefore && table.generation() == generationBefore) {
      now.countMissingIn(before, added);
      before.countMissingIn(now, removed);
    }
    modeBefore = table.mode();
    generationBefore = table.generation();
    AreaSet free = before;
    before = now;
    now = free;
  }

  /** Without a previous snapshot to compare with, the next one counts nothing. */
  private void forget() {
    modeBefore = AddressMode.UNKNOWN;
  }

  private void clearCounts(int size) {
    callSites = size;
    if (added.length <= size) {
      int capacity = Math.max(size + 1, 2 * added.length);
      added = new int[capacity];
      removed = new int[capacity];
    } else {
      Arrays.fill(added, 0);
      Arrays.fill(removed, 0);
    }
  }

  /** Call sites are {@link CallSites#NONE} and 0 to this, exclusive. */
  int callSites() {
    return callSites;
  }

  /** Areas that were not there. */
  int added(int callSite) {
    return added[callSite + 1];
  }

  /** Areas that are gone. */
  int removed(int callSite) {
    return removed[callSite + 1];
  }
}

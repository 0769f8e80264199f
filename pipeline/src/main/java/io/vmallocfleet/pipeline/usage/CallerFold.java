/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.schemas.snapshot.SnapshotCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums areas by caller. Several call sites of a snapshot may be one caller (other offsets into the
 * same function), so the dictionary is mapped to callers once and an area costs three additions.
 */
final class CallerFold {
  /** Callers that are remembered: a fleet has some thousands, and whoever sends more pays. */
  private static final int REMEMBERED = 1 << 14;

  /** A caller of any snapshot: its name, put together once, and where this snapshot sums it. */
  private static final class Caller {
    private final String name;
    private long snapshot;
    private int slot;

    private Caller(String name) {
      this.name = name;
    }
  }

  private final Map<CallerName, Caller> callers = new HashMap<>();
  private final Map<String, Caller> callersByName = new HashMap<>();
  private final List<String> names = new ArrayList<>();
  private long snapshot;
  private int[] slotOfCallSite = new int[128];
  private long[] areas = new long[128];
  private long[] pages = new long[128];
  private long[] mappedBytes = new long[128];
  private long[] changes = new long[128];

  /** Starts on the snapshot the cursor has opened. */
  void clear(SnapshotCursor cursor) {
    if (callers.size() > REMEMBERED) {
      callers.clear();
      callersByName.clear();
    }
    snapshot++;
    names.clear();
    if (slotOfCallSite.length < cursor.callSites()) {
      slotOfCallSite = new int[cursor.callSites()];
    }
    for (int site = 0; site < cursor.callSites(); site++) {
      slotOfCallSite[site] = slot(new CallerName(cursor.function(site), cursor.module(site)));
    }
  }

  void add(int callSite, boolean vmMapRam, long areaPages, long areaBytes) {
    int slot = callSite >= 0 ? slotOfCallSite[callSite] : slot(CallerName.ofNoCallSite(vmMapRam));
    areas[slot]++;
    pages[slot] += areaPages;
    mappedBytes[slot] += areaBytes;
  }

  /** Areas of the call site that came and that went since the snapshot before. */
  void change(int callSite, int added, int removed) {
    int slot = callSite >= 0 ? slotOfCallSite[callSite] : slot(CallerName.NONE);
    changes[slot] += Math.max(0L, added) + Math.max(0L, removed);
  }

  /** Callers with at least one area. */
  CallerTable toTable(int pageSize) {
    int used = 0;
    for (int slot = 0; slot < names.size(); slot++) {
      used += areas[slot] > 0 ? 1 : 0;
    }
    var table =
        new CallerTable(
            new String[used], new long[used], new long[used], new long[used], new int[used]);
    int row = 0;
    for (int slot = 0; slot < names.size(); slot++) {
      if (areas[slot] > 0) {
        table.callers()[row] = names.get(slot);
        table.areas()[row] = areas[slot];
        table.bytes()[row] = pages[slot] * pageSize;
        table.mappedBytes()[row] = mappedBytes[slot];
        table.changes()[row] = (int) Math.min(changes[slot], Integer.MAX_VALUE);
        row++;
      }
    }
    return table;
  }

  private int slot(CallerName wanted) {
    Caller caller = callers.get(wanted);
    if (caller == null) {
      caller = callersByName.computeIfAbsent(wanted.toString(), Caller::new);
      callers.put(wanted, caller);
    }
    if (caller.snapshot != snapshot) {
      caller.snapshot = snapshot;
      caller.slot = newSlot(caller.name);
    }
    return caller.slot;
  }

  private int newSlot(String name) {
    int slot = names.size();
    if (slot == areas.length) {
      areas = Arrays.copyOf(areas, 2 * slot);
      pages = Arrays.copyOf(pages, 2 * slot);
      mappedBytes = Arrays.copyOf(mappedBytes, 2 * slot);
      changes = Arrays.copyOf(changes, 2 * slot);
    }
    areas[slot] = 0;
    pages[slot] = 0;
    mappedBytes[slot] = 0;
    changes[slot] = 0;
    names.add(name);
    return slot;
  }
}

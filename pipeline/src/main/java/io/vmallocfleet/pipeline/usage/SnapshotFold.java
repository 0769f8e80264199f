/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.fragmentation.AddressSpaceFold;
import io.vmallocfleet.fragmentation.GapKnowledge;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SnapshotCursor;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Folds a snapshot's bytes into a {@link HostUsage} in one pass, without an object per area.
 * Reusable, also after an exception; not thread safe.
 */
public final class SnapshotFold {
  private static final Region[] REGIONS = Region.values();

  private final SnapshotCursor cursor = new SnapshotCursor();
  private final CallerFold callers = new CallerFold();
  private final Map<Integer, AddressSpaceFold[]> foldsByPageSize = new HashMap<>();

  /** Of the snapshot's page size, by ordinal of the region; several regions may share a window. */
  private AddressSpaceFold[] windows = {};

  private long areas;
  private long pages;
  private long mappedBytes;
  private long guardBytes;
  private long unpurgedAreas;
  private long unpurgedBytes;

  /**
   * @throws UnreadableRecordException if the bytes are not a whole snapshot of a known schema
   */
  public HostUsage fold(Origin origin, byte[] bytes) throws UnreadableRecordException {
    SnapshotHeader header = cursor.open(bytes);
    int pageSize = header.host().pageSize();
    clear(cursor, pageSize);
    while (cursor.nextArea()) {
      area(pageSize);
    }
    while (cursor.nextChurn()) {
      callers.change(cursor.callSite(), cursor.added(), cursor.removed());
    }
    return new HostUsage(
        origin,
        header.host(),
        header.agentRun(),
        header.sequence(),
        header.droppedBefore(),
        header.takenAtMicros() / 1000,
        0,
        header.addressMode(),
        header.blindReason(),
        header.blind().isEmpty() && header.omittedAreas() == 0,
        header.malformedLines(),
        header.budget(),
        new HostUsage.Totals(
            areas, pages * pageSize, mappedBytes, guardBytes, unpurgedAreas, unpurgedBytes),
        callers.toTable(pageSize),
        shapes(header.addressMode()),
        header.spool());
  }

  private void clear(SnapshotCursor opened, int pageSize) {
    callers.clear(opened);
    windows = foldsByPageSize.computeIfAbsent(pageSize, SnapshotFold::folds);
    for (AddressSpaceFold window : windows) {
      window.clear();
    }
    areas = 0;
    pages = 0;
    mappedBytes = 0;
    guardBytes = 0;
    unpurgedAreas = 0;
    unpurgedBytes = 0;
  }

  private void area(int pageSize) throws UnreadableRecordException {
    int flags = cursor.flags();
    long size = cursor.size();
    if (size < 1 || cursor.pages() < 0) {
      throw cursor.corrupt("an area of " + size + " bytes with " + cursor.pages() + " pages");
    }
    if ((flags & AreaFlags.LOWMEM) != 0) {
      return; // linear-map RAM that a vendor kernel lists: nobody allocated it
    }
    boolean unpurged = (flags & AreaFlags.UNPURGED) != 0;
    long guard = guard(pageSize);
    try {
      windows[cursor.region().ordinal()].add(cursor.gap(), size, guard, unpurged);
    } catch (ArithmeticException e) {
      throw cursor.corrupt("areas and gaps that pass 63 bits");
    }
    if (unpurged) {
      unpurgedAreas++;
      unpurgedBytes += size;
      return;
    }
    areas++;
    pages += cursor.pages();
    mappedBytes += size;
    guardBytes += guard;
    callers.add(cursor.callSite(), (flags & AreaFlags.VM_MAP_RAM) != 0, cursor.pages(), size);
  }

  /**
   * Bytes of guard page in the current area. The kernel adds one page to every area but percpu
   * chunks, {@code vm_map_ram} and a few early mappings, and prints no word for it: where pages are
   * printed the size tells, otherwise the kind does.
   */
  private long guard(int pageSize) {
    long size = cursor.size();
    if (cursor.pages() > 0) {
      return size == (cursor.pages() + 1) * pageSize ? pageSize : 0;
    }
    boolean guarded = (cursor.flags() & (AreaFlags.IOREMAP | AreaFlags.VMAP)) != 0;
    return guarded && size > pageSize ? pageSize : 0;
  }

  private List<WindowShape> shapes(AddressMode mode) {
    GapKnowledge gaps =
        switch (mode) {
          case REAL -> GapKnowledge.ALL;
          case HASHED -> GapKnowledge.ADJOINING;
          case ZEROED, PLACEHOLDER, UNKNOWN -> GapKnowledge.NONE;
        };
    var shapes = new ArrayList<WindowShape>();
    for (Region region : REGIONS) {
      if (region.window() == region && !windows[region.ordinal()].isEmpty()) {
        shapes.add(new WindowShape(region, windows[region.ordinal()].finish(gaps)));
      }
    }
    return shapes;
  }

  private static AddressSpaceFold[] folds(int pageSize) {
    var folds = new AddressSpaceFold[REGIONS.length];
    for (Region region : REGIONS) {
      if (region.window() == region) {
        folds[region.ordinal()] = AddressSpaceFold.ofPageSize(pageSize);
      }
    }
    for (Region region : REGIONS) {
      folds[region.ordinal()] = folds[region.window().ordinal()];
    }
    return folds;
  }
}

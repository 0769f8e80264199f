/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.schemas.snapshot.Region;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The areas of one host, moved as the kernel's allocator moves them (mm/vmalloc.c): the lowest hole
 * that fits the alignment, percpu chunks from the top downwards, freed areas kept in place until
 * they are purged together.
 *
 * <p>One linked list in address order for each of the windows, in arrays: an area is an index.
 * Holes appear only at a purge, so that until then whoever looks for a hole goes on where he found
 * the last one, or where anybody found one who asked for the same.
 */
final class Areas {
  static final int PAGE = 4096;
  static final int NONE = -1;

  /** Where the last hole was found. */
  static final class Cursor {
    private int slot = NONE;
    private int purges;

    private void set(int newSlot, int purgesSoFar) {
      slot = newSlot;
      purges = purgesSoFar;
    }
  }

  /**
   * What all who ask for areas of one size share: nobody finds a hole before the cursor.
   *
   * @param span pages of address space
   * @param alignment bytes, a power of two
   */
  record Request(Region region, int span, long alignment, Cursor lowest) {}

  private record Wanted(Region region, int span, long alignment) {}

  private static final int VMALLOC = 0;
  private static final int MODULES = 1;
  private static final int PERCPU = 2;
  private static final int WINDOWS = 3;

  private final long[] ends = new long[WINDOWS];
  private final Map<Wanted, Request> requests = new HashMap<>();
  private final IntBag free = new IntBag();
  private final IntBag unpurged = new IntBag();
  private long[] start = new long[512];
  private int[] spanPages = new int[512];
  private int[] pages = new int[512];
  private int[] holding = new int[512];
  private int[] phys = new int[512];
  private byte[][] encoded = new byte[512][];
  private int[] next = new int[512];
  private int[] previous = new int[512];
  private int used = WINDOWS;
  private long unpurgedPages;
  private int purges;

  /** Bounds of the windows: first address, and first address behind. */
  record Bounds(long vmalloc, long vmallocEnd, long modules, long modulesEnd) {
    Bounds {
      if (vmallocEnd - vmalloc <= 0 || modulesEnd - modules <= 0) {
        throw new IllegalArgumentException("an empty window");
      }
    }
  }

  Areas(Bounds bounds) {
    start[VMALLOC] = bounds.vmalloc();
    ends[VMALLOC] = bounds.vmallocEnd();
    start[MODULES] = bounds.modules();
    ends[MODULES] = bounds.modulesEnd();
    // Percpu areas lie above those of the first window and take from its end.
    start[PERCPU] = bounds.vmallocEnd();
    ends[PERCPU] = bounds.vmallocEnd();
    for (int window = 0; window < WINDOWS; window++) {
      next[window] = NONE;
    }
  }

  /** First area of a window in address order, or {@link #NONE}. */
  int first(Region region) {
    return next[window(region)];
  }

  int next(int slot) {
    return next[slot];
  }

  long start(int slot) {
    return start[slot];
  }

  long size(int slot) {
    return (long) spanPages[slot] * PAGE;
  }

  int pages(int slot) {
    return pages[slot];
  }

  /** Page frame of a device mapping, 0 for other areas. */
  int frame(int slot) {
    return phys[slot];
  }

  /** Number given at allocation; {@link #NONE} for an unpurged area. */
  int holding(int slot) {
    return holding[slot];
  }

  int unpurged() {
    return unpurged.size();
  }

  long unpurgedBytes() {
    return unpurgedPages * PAGE;
  }

  /**
   * What to ask for.
   *
   * @param span pages of address space
   * @param alignment bytes, a power of two
   */
  Request request(Region region, int span, long alignment) {
    return requests.computeIfAbsent(
        new Wanted(region, span, alignment),
        w -> new Request(w.region(), w.span(), w.alignment(), new Cursor()));
  }

  /**
   * Takes the lowest hole that fits and does not lie before the last that the holding took.
   *
   * @param last of the holding
   * @return the area; {@link #NONE} if no hole fits
   */
  int allocate(Request request, Cursor last, int holdingNumber, int printedPages) {
    int window = window(request.region());
    int span = request.span();
    long alignment = request.alignment();
    if (window == PERCPU) {
      return allocateFromTop(holdingNumber, span, alignment);
    }
    long bytes = (long) span * PAGE;
    int lowest = further(request.lowest(), window);
    int first = further(last, lowest);
    int before = first;
    while (true) {
      long candidate = aligned(end(before), alignment);
      int after = next[before];
      if ((after == NONE ? ends[window] : start[after]) - candidate >= bytes) {
        int slot = link(before, candidate, holdingNumber, span, printedPages);
        last.set(slot, purges);
        if (first == lowest) {
          request.lowest().set(slot, purges);
        }
        return slot;
      }
      if (after == NONE) {
        return NONE;
      }
      before = after;
    }
  }

  /** Whichever lies higher of an area and a cursor into the same window. */
  private int further(Cursor cursor, int slot) {
    boolean none = cursor.slot == NONE || cursor.purges != purges;
    return none || start[cursor.slot] - start[slot] < 0 ? slot : cursor.slot;
  }

  /** Whether a request of that many bytes, guard page included, would find a hole. */
  boolean fits(Region region, long bytes) {
    int window = window(region);
    for (int slot = window; slot != NONE; slot = next[slot]) {
      long limit = next[slot] == NONE ? ends[window] : start[next[slot]];
      if (limit - end(slot) >= bytes) {
        return true;
      }
    }
    return false;
  }

  /** Puts an area where a capture shows it; areas come in address order. */
  int place(Region region, int holdingNumber, long at, int span, int printedPages, int frame) {
    int last = window(region);
    while (next[last] != NONE) {
      last = next[last];
    }
    int slot = link(last, at, holdingNumber, span, printedPages);
    phys[slot] = frame;
    if (window(region) == PERCPU && previous[slot] == PERCPU) {
      ends[VMALLOC] = at;
    }
    return slot;
  }

  void setFrame(int slot, int frame) {
    phys[slot] = frame;
  }

  /** Keeps what a snapshot says of the area, so that it is encoded once. */
  void setEncoded(int slot, byte[] bytes) {
    encoded[slot] = bytes;
  }

  /** As set; null for a new area, and after one was freed. */
  byte[] encoded(int slot) {
    return encoded[slot];
  }

  /** Frees an area; it stays in place, unpurged, but for a percpu chunk. */
  void free(int slot) {
    if (isPercpu(slot)) {
      unlink(slot);
      ends[VMALLOC] = next[PERCPU] == NONE ? ends[PERCPU] : start[next[PERCPU]];
      return;
    }
    holding[slot] = NONE;
    pages[slot] = 0;
    phys[slot] = 0;
    encoded[slot] = null;
    unpurged.add(slot);
    unpurgedPages += spanPages[slot];
  }

  /** Makes holes of all unpurged areas. */
  void purge() {
    for (int i = 0; i < unpurged.size(); i++) {
      unlink(unpurged.get(i));
    }
    unpurged.clear();
    unpurgedPages = 0;
    purges++;
  }

  private boolean isPercpu(int slot) {
    return Long.compareUnsigned(start[slot], ends[VMALLOC]) >= 0
        && Long.compareUnsigned(start[slot], ends[PERCPU]) < 0;
  }

  private int allocateFromTop(int holdingNumber, int span, long alignment) {
    int lowest = next[PERCPU];
    long top = lowest == NONE ? ends[PERCPU] : start[lowest];
    long at = (top - (long) span * PAGE) & -alignment;
    int last = VMALLOC;
    // The highest ordinary area is nowhere near but in a window of megabytes.
    if (at - start[VMALLOC] < 1L << 32) {
      while (next[last] != NONE) {
        last = next[last];
      }
    }
    if (at - end(last) < 0) {
      return NONE;
    }
    ends[VMALLOC] = at;
    return link(PERCPU, at, holdingNumber, span, 0);
  }

  private int link(int before, long at, int holdingNumber, int span, int printedPages) {
    int slot = free.size() > 0 ? free.removeAt(free.size() - 1) : grow();
    start[slot] = at;
    spanPages[slot] = span;
    pages[slot] = printedPages;
    holding[slot] = holdingNumber;
    phys[slot] = 0;
    encoded[slot] = null;
    int after = next[before];
    next[before] = slot;
    previous[slot] = before;
    next[slot] = after;
    if (after != NONE) {
      previous[after] = slot;
    }
    return slot;
  }

  private void unlink(int slot) {
    next[previous[slot]] = next[slot];
    if (next[slot] != NONE) {
      previous[next[slot]] = previous[slot];
    }
    free.add(slot);
  }

  private int grow() {
    if (used == start.length) {
      int length = 2 * used;
      start = Arrays.copyOf(start, length);
      spanPages = Arrays.copyOf(spanPages, length);
      pages = Arrays.copyOf(pages, length);
      holding = Arrays.copyOf(holding, length);
      phys = Arrays.copyOf(phys, length);
      encoded = Arrays.copyOf(encoded, length);
      next = Arrays.copyOf(next, length);
      previous = Arrays.copyOf(previous, length);
    }
    return used++;
  }

  private long end(int slot) {
    // The heads of the windows have no size: their end is the window's first address.
    return slot < WINDOWS ? start[slot] : start[slot] + (long) spanPages[slot] * PAGE;
  }

  private static long aligned(long address, long alignment) {
    return (address + alignment - 1) & -alignment;
  }

  private static int window(Region region) {
    return switch (region) {
      case VMALLOC, UNKNOWN -> VMALLOC;
      case MODULES -> MODULES;
      case PERCPU -> PERCPU;
    };
  }
}

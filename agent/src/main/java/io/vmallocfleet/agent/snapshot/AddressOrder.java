/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.snapshot;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.CallSites;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import io.vmallocfleet.schemas.snapshot.Region;
import java.util.Set;

/**
 * Lays out areas whose addresses are real: sorted, each in its window with the gap before it.
 *
 * <p>Where the windows lie is nowhere printed, and KASLR moves them:
 *
 * <ul>
 *   <li>Modules on x86_64 and riscv64: from ffffffff00000000 (Documentation/arch/x86/x86_64/mm.rst,
 *       riscv/vm-layout.rst).
 *   <li>Modules on arm and ppc32, and on arm64: below the vmalloc area. The lowest rows are the
 *       module window if they are all memory of modules and a hole of a megabyte or more follows.
 *   <li>Elsewhere (i386, book3s ppc64) modules live among the other areas: no window of their own.
 *   <li>Percpu chunks: the highest rows of the vmalloc window; the allocator takes them from its
 *       end downwards.
 * </ul>
 */
public final class AddressOrder {
  private static final long HIGH_MODULES = 0xffffffff00000000L;

  /** Bytes that must be free between a module window and the vmalloc area above it. */
  public static final long LEAST_HOLE_BETWEEN_WINDOWS = 1 << 20;

  private static final String PERCPU = "pcpu_get_vm_areas";

  /** Who allocates module text and data, under the names inlining leaves (kernel/module). */
  private static final Set<String> MODULE_LOADERS =
      Set.of(
          "load_module",
          "move_module",
          "layout_and_allocate",
          "module_alloc",
          "module_alloc_update_bounds",
          "sys_init_module",
          "execmem_alloc",
          "bpf_jit_alloc_exec",
          "bpf_jit_binary_alloc",
          "bpf_prog_pack_alloc");

  private final NaturalOrder order = new NaturalOrder();
  private long[] starts = new long[0];

  /** Whether the memory of a caller of that name is memory of modules. */
  public static boolean isModuleLoader(String function) {
    return MODULE_LOADERS.contains(function);
  }

  /** Lays out all rows of a table in mode REAL; the layout is replaced. */
  public void arrange(AreaTable table, Layout layout) {
    int count = table.rows();
    int[] sorted = order.sort(count, starts(table));
    int highModules = firstFrom(HIGH_MODULES, table, sorted);
    int lowModules = highModules < count ? 0 : endOfLowModules(table, sorted);
    int percpu = startOfPercpu(table, sorted, lowModules, highModules);

    layout.clear(count);
    window(table, sorted, 0, lowModules, Region.MODULES, lowModules, layout);
    window(table, sorted, lowModules, highModules, Region.VMALLOC, percpu, layout);
    window(table, sorted, highModules, count, Region.MODULES, count, layout);
  }

  private long[] starts(AreaTable table) {
    if (starts.length < table.rows()) {
      starts = new long[Math.max(table.rows(), 2 * starts.length)];
    }
    for (int row = 0; row < table.rows(); row++) {
      starts[row] = table.start(row);
    }
    return starts;
  }

  private void window(
      AreaTable table, int[] sorted, int from, int to, Region region, int percpuFrom, Layout out) {
    boolean first = true;
    long previousEnd = 0;
    for (int i = from; i < to; i++) {
      int row = sorted[i];
      boolean hidden = table.start(row) == 0 && table.end(row) == 0;
      if (hidden || (table.flags(row) & AreaFlags.LOWMEM) != 0) {
        // Lowmem is linear-map RAM that a vendor kernel lists. Neither is anybody's neighbour.
        out.add(row, Region.UNKNOWN, Layout.UNKNOWN_GAP);
        continue;
      }
      long gap = first ? Layout.UNKNOWN_GAP : table.start(row) - previousEnd;
      // A file read in pieces can show an area and what took its place: then nothing is known.
      out.add(row, i >= percpuFrom ? Region.PERCPU : region, Math.max(gap, Layout.UNKNOWN_GAP));
      previousEnd = table.end(row);
      first = false;
    }
  }

  private static int firstFrom(long address, AreaTable table, int[] sorted) {
    int i = table.rows();
    while (i > 0 && Long.compareUnsigned(table.start(sorted[i - 1]), address) >= 0) {
      i--;
    }
    return i;
  }

  private static int endOfLowModules(AreaTable table, int[] sorted) {
    int end = 0;
    boolean anyLoader = false;
    while (end < table.rows() && mayBeModuleMemory(table, sorted[end])) {
      anyLoader |= isCalledBy(MODULE_LOADERS, table, sorted[end]);
      end++;
    }
    if (!anyLoader || end == table.rows()) {
      return 0;
    }
    long hole = table.start(sorted[end]) - table.end(sorted[end - 1]);
    return hole >= LEAST_HOLE_BETWEEN_WINDOWS ? end : 0;
  }

  private static boolean mayBeModuleMemory(AreaTable table, int row) {
    return isCalledBy(MODULE_LOADERS, table, row)
        || table.callSite(row) == CallSites.UNRESOLVED
        || (table.flags(row) & AreaFlags.UNPURGED) != 0;
  }

  private static int startOfPercpu(AreaTable table, int[] sorted, int from, int to) {
    int start = to;
    while (start > from && isCalledBy(Set.of(PERCPU), table, sorted[start - 1])) {
      start--;
    }
    return start;
  }

  private static boolean isCalledBy(Set<String> functions, AreaTable table, int row) {
    int site = table.callSite(row);
    return site != CallSites.NONE && functions.contains(table.callSites().caller(site).function());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.agent.snapshot.AddressOrder;
import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.agent.vmallocinfo.Caller;
import io.vmallocfleet.agent.vmallocinfo.RowForm;
import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The vmalloc memory of a host during one boot: who holds what, and where. What changes is counted
 * per call site until it is read, as the agent would see it from one reading to the next.
 *
 * <p>Within one step areas are freed before others are taken, and purged last, so that no area is
 * freed and found again at its place between two readings.
 */
final class HostMemory {
  private static final Areas.Bounds BOUNDS_ARM =
      new Areas.Bounds(0xf0800000L, 0xff800000L, 0xbf000000L, 0xbfe00000L);
  private static final long MODULES_FROM = 0xffffffffc0000000L;
  private static final long MODULES_END = 0xffffffffff000000L;

  /**
   * Areas are taken until so much of the freed waits: 32 MiB a bit (mm/vmalloc.c, lazy_max_pages).
   */
  private static final long LAZY_BYTES = 32L << 20;

  private static final long VMALLOC_TOTAL = 34_359_738_367L << 10;

  private final HostPlan plan;
  private final KernelBuild build;
  private final Areas areas;
  private final AreaEncodings encodings;
  private final SplittableRandom random;
  private final List<Holding> holdings = new ArrayList<>();
  private final List<Caller> sites = new ArrayList<>();
  private final List<byte[]> encodedSites = new ArrayList<>();
  private final Map<String, Integer> siteNumbers = new HashMap<>();
  private final boolean twoNodes;
  private final long purgeAt;
  private int[] siteOf = new int[64];
  private int[] added = new int[64];
  private int[] removed = new int[64];
  private int[] dictionary = new int[64];
  private int unpurgedAtReading;
  private boolean full;
  private boolean purged;

  HostMemory(
      HostPlan plan,
      KernelBuild build,
      AreaEncodings encodings,
      SplittableRandom random,
      Areas.Bounds bounds) {
    this.plan = plan;
    this.build = build;
    this.encodings = encodings;
    this.random = random;
    this.areas = new Areas(bounds);
    this.twoNodes = plan.cpus() >= 32;
    this.purgeAt = LAZY_BYTES * (Integer.SIZE - Integer.numberOfLeadingZeros(plan.cpus()));
  }

  /** Where the windows lie in this boot: KASLR moves them by whole GiB, modules by pages. */
  static Areas.Bounds bounds(List<VmallocArea> rows, KernelBuild build, long shift, long pages) {
    if (build.bits32()) {
      return BOUNDS_ARM;
    }
    long top =
        rows.stream()
            .filter(r -> r.caller().function().equals("pcpu_get_vm_areas"))
            .mapToLong(VmallocArea::end)
            .max()
            .orElseThrow();
    return new Areas.Bounds(
        rows.get(0).start() + shift, top + shift, MODULES_FROM + pages * Areas.PAGE, MODULES_END);
  }

  /** A holding for the caller of that name in this build. */
  Holding hold(String function, String module, Placement placement, int[] sizes) {
    return hold(caller(function, module), placement, placement.flags, sizes);
  }

  Holding hold(Caller caller, Placement placement, int flags, int[] sizes) {
    Integer site = siteNumbers.get(caller.text());
    if (site == null) {
      site = sites.size();
      sites.add(caller);
      encodedSites.add(
          SnapshotWriter.encodedCallSite(
              caller.function(),
              caller.module(),
              caller.suffix(),
              caller.offset(),
              caller.functionSize()));
      siteNumbers.put(caller.text(), site);
      if (site == added.length) {
        added = Arrays.copyOf(added, 2 * site);
        removed = Arrays.copyOf(removed, 2 * site);
        dictionary = Arrays.copyOf(dictionary, 2 * site);
      }
    }
    var holding = new Holding(holdings.size(), site, caller, placement, flags, sizes, areas);
    if (holdings.size() == siteOf.length) {
      siteOf = Arrays.copyOf(siteOf, 2 * siteOf.length);
    }
    siteOf[holding.number] = site;
    holdings.add(holding);
    return holding;
  }

  /** Puts a row of a capture where it was, moved with its window. */
  void place(Holding holding, VmallocArea row, long shift, long modulePages) {
    boolean module = Long.compareUnsigned(row.start(), MODULES_FROM) >= 0;
    Region region =
        module
            ? Region.MODULES
            : holding.placement == Placement.PERCPU ? Region.PERCPU : Region.VMALLOC;
    int printed = (int) row.pages();
    int slot =
        areas.place(
            region,
            holding.number,
            row.start() + (module ? modulePages * Areas.PAGE : shift),
            (int) (row.size() / Areas.PAGE),
            printed,
            (int) (row.phys() / Areas.PAGE));
    holding.took(slot, printed);
    added[holding.site]++;
  }

  /** Takes one more area; false if no hole fits. */
  boolean take(Holding holding) {
    Placement placement = holding.placement;
    int size = holding.sizeOfOne(random);
    int printed = placement.printedPages(holding.sizes[size]);
    int slot = areas.allocate(holding.requests[size], holding.cursor, holding.number, printed);
    if (slot == Areas.NONE) {
      full = true;
      return false;
    }
    if (placement == Placement.IOREMAP) {
      areas.setFrame(slot, 0xc0000 + random.nextInt(0x3f000));
    }
    holding.took(slot, printed);
    added[holding.site]++;
    return true;
  }

  /** Gives one of its areas back, any. */
  void give(Holding holding) {
    int slot = holding.slots.removeAt(random.nextInt(holding.slots.size()));
    holding.gave(areas.pages(slot));
    areas.free(slot);
    removed[holding.site]++;
  }

  /** Gives back the one after the last it gave back, of those that lie side by side. */
  void giveEverySecond(Holding holding) {
    int index = Math.min(holding.everySecond, holding.slots.size() - 1);
    int slot = holding.slots.shiftOut(index);
    holding.everySecond = index + 1;
    holding.gave(areas.pages(slot));
    areas.free(slot);
    removed[holding.site]++;
  }

  void giveAll(Holding holding) {
    while (holding.slots.size() > 0) {
      give(holding);
    }
  }

  /**
   * Purges if the kernel would: too much waits, a request found no hole, or something asked for a
   * flush of all aliases, as loading code does.
   */
  void settle(boolean aliasesFlushed) {
    if (full || aliasesFlushed || areas.unpurgedBytes() >= purgeAt) {
      areas.purge();
      purged = true;
      full = false;
    }
  }

  boolean fits(Region region, long bytes) {
    return areas.fits(region, bytes);
  }

  /** Pages in a window of this host, for what fills it. */
  long windowPages(Region region) {
    if (region == Region.MODULES) {
      return (build.bits32() ? 0xe00000L : MODULES_END - MODULES_FROM) / Areas.PAGE;
    }
    return (build.bits32() ? 0xf000000L : VMALLOC_TOTAL) / Areas.PAGE;
  }

  /** Memory of all holdings of that caller, bytes. */
  long bytes(String function, String module) {
    long bytes = 0;
    for (Holding holding : holdings) {
      if (holding.caller.function().equals(function) && holding.caller.module().equals(module)) {
        bytes += holding.bytes();
      }
    }
    return bytes;
  }

  HostBudget budget() {
    long used = 0;
    long percpu = 0;
    for (Holding holding : holdings) {
      used += holding.bytes();
      if (holding.placement == Placement.PERCPU) {
        percpu += (long) holding.slots.size() * holding.sizes[0] * Areas.PAGE;
      }
    }
    return new HostBudget(
        plan.memoryBytes(),
        build.bits32() ? 0xf000000L : VMALLOC_TOTAL,
        used,
        percpu,
        build.bpfJitLimit());
  }

  /** The next reading counts no churn: the agent has nothing to compare with. */
  void forgetChurn() {
    Arrays.fill(added, 0);
    Arrays.fill(removed, 0);
    unpurgedAtReading = -1;
    purged = false;
  }

  /** Writes all areas and what changed since the last reading, but for the header. */
  void write(SnapshotWriter writer) {
    Arrays.fill(dictionary, 0, sites.size(), Areas.NONE);
    writeChurn(writer);
    long end = Areas.NONE;
    if (build.bits32()) {
      // Where modules lie below, they come first.
      if (lowModulesAreTold()) {
        write(writer, Region.MODULES, Region.MODULES, end);
      } else {
        end = write(writer, Region.MODULES, Region.VMALLOC, end);
      }
    }
    end = write(writer, Region.VMALLOC, Region.VMALLOC, end);
    write(writer, Region.PERCPU, Region.PERCPU, end);
    if (!build.bits32()) {
      write(writer, Region.MODULES, Region.MODULES, Areas.NONE);
    }
  }

  /**
   * Whether the agent tells a module window below from the vmalloc area, of which it knows only the
   * rows: see {@link AddressOrder}. A single area of somebody who loads no modules hides it.
   */
  private boolean lowModulesAreTold() {
    boolean anyLoader = false;
    long end = 0;
    for (Region region : List.of(Region.MODULES, Region.VMALLOC)) {
      for (int slot = areas.first(region); slot != Areas.NONE; slot = areas.next(slot)) {
        int number = areas.holding(slot);
        if (number != Areas.NONE) {
          if (!AddressOrder.isModuleLoader(holdings.get(number).caller.function())) {
            return anyLoader && areas.start(slot) - end >= AddressOrder.LEAST_HOLE_BETWEEN_WINDOWS;
          }
          anyLoader = true;
        }
        end = areas.start(slot) + areas.size(slot);
      }
    }
    return false;
  }

  private void writeChurn(SnapshotWriter writer) {
    int unpurged = areas.unpurged();
    if (unpurgedAtReading >= 0) {
      int came = purged ? unpurged : unpurged - unpurgedAtReading;
      int went = purged ? unpurgedAtReading : 0;
      if (came > 0 || went > 0) {
        writer.churn(-1, came, went);
      }
      for (int site = 0; site < sites.size(); site++) {
        if (added[site] > 0 || removed[site] > 0) {
          writer.churn(entry(writer, site), added[site], removed[site]);
        }
      }
    }
    Arrays.fill(added, 0, sites.size(), 0);
    Arrays.fill(removed, 0, sites.size(), 0);
    unpurgedAtReading = unpurged;
    purged = false;
  }

  /**
   * Areas of one window.
   *
   * @param told window the agent takes it for
   * @param end of the area before, or {@link Areas#NONE}
   * @return end of the last
   */
  private long write(SnapshotWriter writer, Region region, Region told, long end) {
    for (int slot = areas.first(region); slot != Areas.NONE; slot = areas.next(slot)) {
      long start = areas.start(slot);
      long size = areas.size(slot);
      long gap = end == Areas.NONE ? -1 : start - end;
      end = start + size;
      int number = areas.holding(slot);
      byte[] encoded = areas.encoded(slot);
      if (encoded == null) {
        encoded = encode(slot, size, number);
        areas.setEncoded(slot, encoded);
      }
      int site = number == Areas.NONE ? -1 : entry(writer, siteOf[number]);
      writer.area(site, told, gap, encoded);
    }
    return end;
  }

  private byte[] encode(int slot, long size, int holdingNumber) {
    if (holdingNumber == Areas.NONE) {
      return encodings.of(size, 0, AreaFlags.UNPURGED, 0, -1);
    }
    int pages = areas.pages(slot);
    long phys = (areas.frame(slot) & 0xffffffffL) * Areas.PAGE;
    int node = build.bits32() || pages == 0 ? -1 : node(slot);
    return encodings.of(size, pages, holdings.get(holdingNumber).flags, phys, node);
  }

  private int node(int slot) {
    return twoNodes ? slot & 1 : 0;
  }

  private int entry(SnapshotWriter writer, int site) {
    if (dictionary[site] == Areas.NONE) {
      dictionary[site] = writer.callSite(encodedSites.get(site));
    }
    return dictionary[site];
  }

  /** As the kernel prints it. */
  byte[] text() {
    var text = new StringBuilder();
    for (Region region : List.of(Region.VMALLOC, Region.PERCPU, Region.MODULES)) {
      for (int slot = areas.first(region); slot != Areas.NONE; slot = areas.next(slot)) {
        text.append(row(slot).format(build.bits32() ? RowForm.BITS_32 : RowForm.BITS_64));
        text.append('\n');
      }
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private VmallocArea row(int slot) {
    long start = areas.start(slot);
    long size = areas.size(slot);
    int number = areas.holding(slot);
    if (number == Areas.NONE) {
      return new VmallocArea(
          start,
          start + size,
          size,
          Caller.NONE,
          0,
          0,
          Set.of(AreaFlag.UNPURGED),
          List.of(),
          new TreeMap<>());
    }
    Holding holding = holdings.get(number);
    long pages = areas.pages(slot);
    return new VmallocArea(
        start,
        start + size,
        size,
        holding.caller,
        pages,
        (areas.frame(slot) & 0xffffffffL) * Areas.PAGE,
        AreaFlag.of(holding.flags),
        List.of(),
        build.bits32() || pages == 0 ? new TreeMap<>() : new TreeMap<>(Map.of(node(slot), pages)));
  }

  /** The call site of a function in this build, at an offset of its own. */
  private Caller caller(String function, String module) {
    long hash = HostPlan.mix(build.build().hashCode(), (function + module).hashCode());
    long functionSize = 0x80 + (hash & 0x7f0);
    long offset = 1 + Math.floorMod(hash >>> 16, functionSize - 1);
    String text =
        "%s+0x%x/0x%x%s"
            .formatted(function, offset, functionSize, module.isEmpty() ? "" : " [" + module + "]");
    return Caller.parse(text).orElseThrow();
  }
}

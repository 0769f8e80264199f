/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation;

import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.agent.vmallocinfo.Caller;
import io.vmallocfleet.agent.vmallocinfo.RowForm;
import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A host's vmalloc areas, moved as the kernel's allocator moves them (mm/vmalloc.c): the lowest
 * hole that fits, a guard page behind, freed areas kept until enough of them wait for one TLB
 * flush.
 */
final class AddressSpace {
  static final long PAGE = 4096;

  private final TreeMap<Long, VmallocArea> areas = new TreeMap<>(Long::compareUnsigned);
  private final long purgeAt;
  private long unpurgedBytes;

  /**
   * @param purgeAt bytes of freed areas at which they are purged; the kernel takes 32 MiB times the
   *     number of bits in its CPU count ({@code lazy_max_pages})
   */
  AddressSpace(Collection<VmallocArea> areas, long purgeAt) {
    this.purgeAt = purgeAt;
    areas.forEach(a -> this.areas.put(a.start(), a));
    unpurgedBytes =
        areas.stream().filter(AddressSpace::isUnpurged).mapToLong(VmallocArea::size).sum();
  }

  List<VmallocArea> calledBy(String function) {
    return areas.values().stream().filter(a -> a.caller().function().equals(function)).toList();
  }

  /** Allocates pages and a guard page at a multiple of {@code alignment} bytes. */
  void allocate(Caller caller, long pages, long alignment) {
    long size = (pages + 1) * PAGE;
    long start = lowestHole(size, alignment);
    areas.put(
        start,
        new VmallocArea(
            start,
            start + size,
            size,
            caller,
            pages,
            0,
            Set.of(AreaFlag.VMALLOC),
            List.of(),
            new TreeMap<>(Map.of(0, pages))));
  }

  void free(VmallocArea area) {
    areas.put(
        area.start(),
        new VmallocArea(
            area.start(),
            area.end(),
            area.size(),
            Caller.NONE,
            0,
            0,
            Set.of(AreaFlag.UNPURGED),
            List.of(),
            new TreeMap<>()));
    unpurgedBytes += area.size();
    if (unpurgedBytes >= purgeAt) {
      areas.values().removeIf(AddressSpace::isUnpurged);
      unpurgedBytes = 0;
    }
  }

  /** As the kernel prints it. */
  byte[] text() {
    var text = new StringBuilder(128 * areas.size());
    areas.values().forEach(a -> text.append(a.format(RowForm.BITS_64)).append('\n'));
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private long lowestHole(long size, long alignment) {
    long candidate = areas.firstKey();
    for (VmallocArea area : areas.values()) {
      if (area.start() - candidate >= size) {
        return candidate;
      }
      candidate = (area.end() + alignment - 1) / alignment * alignment;
    }
    return candidate;
  }

  private static boolean isUnpurged(VmallocArea area) {
    return area.flags().contains(AreaFlag.UNPURGED);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

import java.util.List;
import javax.annotation.Nullable;

/**
 * One window of kernel address space between the first and the last area seen in it. What the
 * address mode cannot support is null, never 0.
 *
 * @param areas areas, unpurged included, from 1
 * @param usedBytes their bytes, unpurged included
 * @param unpurgedAreas freed areas that still wait for the lazy TLB flush
 * @param unpurgedBytes bytes of those
 * @param guardBytes guard pages inside the used bytes
 * @param runs groups of areas, unpurged included, that adjoin one another, from 1; null where
 *     adjoining cannot be seen
 * @param holes free space between the areas; null where gaps cannot be seen
 */
public record AddressSpaceShape(
    long areas,
    long usedBytes,
    long unpurgedAreas,
    long unpurgedBytes,
    long guardBytes,
    @Nullable Long runs,
    @Nullable Holes holes) {

  /** Bytes of areas in use, which an allocation can get by no means: unpurged excluded. */
  public long busyBytes() {
    return usedBytes - unpurgedBytes;
  }

  /**
   * Free space as an allocation finds it at its last attempt. Unpurged areas are free here and join
   * the gaps beside them, because the kernel purges them and tries again before it lets a request
   * fail ({@code alloc_vmap_area}, mm/vmalloc.c). So {@code bytes + busyBytes() == spanBytes}.
   *
   * <p>Since Linux 6.9 ranges parked in per-node pools are listed nowhere and look like holes, and
   * alignment may keep a request out of a hole that is large enough: an upper bound of what fits.
   *
   * @param spanBytes from the first area's start to the last one's end
   * @param count holes, from 0
   * @param bytes bytes in them
   * @param largestBytes the largest one, 0 when there is none; no larger request fits in the span
   * @param sizesLog2 count of holes of 2^i to 2^(i+1)-1 bytes at index i, trailing zeros cut
   * @param unusableFreeSpace one index a request size, smallest first; empty when there is no hole
   */
  public record Holes(
      long spanBytes,
      long count,
      long bytes,
      long largestBytes,
      List<Long> sizesLog2,
      List<UnusableFreeSpace> unusableFreeSpace) {

    public Holes {
      sizesLog2 = List.copyOf(sizesLog2);
      unusableFreeSpace = List.copyOf(unusableFreeSpace);
    }
  }
}

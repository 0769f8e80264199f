/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Folds the areas of one window of kernel address space, in address order, into its {@link
 * AddressSpaceShape}. Reusable, not thread-safe; {@link #add} allocates nothing.
 *
 * <p>No hole is remembered: each is counted when the next area in use ends it. Request sizes cut
 * hole sizes into bands (below the smallest request, between two requests, above the largest), a
 * hole's bytes are added to its band, and the bytes unusable for a request are the sum of the bands
 * below it. That is exact for the request sizes given, at one pass over them a hole.
 */
public final class AddressSpaceFold {

  /** From a small buffer over a huge page (2 MiB) to a table of some size. */
  private static final long[] DEFAULT_REQUESTS = {8 << 10, 64 << 10, 1 << 20, 2 << 20, 16 << 20};

  private final long[] requestBytes;
  private final long[] bandBytes;
  private final long[] holesLog2 = new long[Long.SIZE];

  private long areas;
  private long usedBytes;
  private long unpurgedAreas;
  private long unpurgedBytes;
  private long guardBytes;
  private long runs;
  private boolean anyGapUnknown;
  private long spanBytes;
  private long openHoleBytes;
  private long holes;
  private long holeBytes;
  private long largestHoleBytes;

  /**
   * A fold that gives the unusable free space index for the request sizes, in any order.
   *
   * @param requestBytes address space a request takes, guard page included, each from 1
   * @throws IllegalArgumentException if a size is below 1
   */
  public AddressSpaceFold(long... requestBytes) {
    this.requestBytes = LongStream.of(requestBytes).sorted().distinct().toArray();
    if (this.requestBytes.length > 0 && this.requestBytes[0] < 1) {
      throw new IllegalArgumentException(
          "request of " + this.requestBytes[0] + " bytes: expected at least 1");
    }
    bandBytes = new long[this.requestBytes.length + 1];
  }

  /**
   * A fold for requests of 8 KiB, 64 KiB, 1 MiB, 2 MiB and 16 MiB as the kernel would place them:
   * rounded up to whole pages, plus one guard page.
   *
   * @throws IllegalArgumentException if the page size is not a power of two
   */
  public static AddressSpaceFold ofPageSize(int pageBytes) {
    if (Integer.bitCount(pageBytes) != 1 || pageBytes < 1) {
      throw new IllegalArgumentException(
          "page size is " + pageBytes + ": expected a power of two such as 4096");
    }
    return new AddressSpaceFold(
        LongStream.of(DEFAULT_REQUESTS)
            .map(bytes -> (bytes + pageBytes - 1) / pageBytes * pageBytes + pageBytes)
            .toArray());
  }

  /**
   * Takes the next area.
   *
   * @param gap bytes between the previous area's end and this one's start: 0 adjoins, more is a
   *     gap, negative is unknown; not looked at for the first area
   * @param size bytes of address space, guard included, from 1
   * @param guard bytes of guard page within the size, from 0
   * @param unpurged whether the area is freed and only waits for the lazy TLB flush
   * @throws IllegalArgumentException if the size is below 1 or the guard does not fit into it
   * @throws ArithmeticException if the window outgrows 63 bits
   */
  public void add(long gap, long size, long guard, boolean unpurged) {
    if (size < 1 || guard < 0 || guard > size) {
      throw new IllegalArgumentException(
          "area of " + size + " bytes with a guard of " + guard + ": expected 0 <= guard <= size");
    }
    boolean first = areas++ == 0;
    usedBytes += size;
    guardBytes += guard;
    if (first || gap != 0) {
      runs++;
    }
    if (!first && gap < 0) {
      anyGapUnknown = true;
    }
    long hole = first ? 0 : Math.max(0, gap);
    spanBytes = Math.addExact(spanBytes, Math.addExact(hole, size));
    openHoleBytes += hole;
    if (unpurged) {
      unpurgedAreas++;
      unpurgedBytes += size;
      openHoleBytes += size;
    } else {
      closeHole();
    }
  }

  private void closeHole() {
    if (openHoleBytes == 0) {
      return;
    }
    int band = 0;
    while (band < requestBytes.length && requestBytes[band] <= openHoleBytes) {
      band++;
    }
    bandBytes[band] += openHoleBytes;
    holesLog2[Long.SIZE - 1 - Long.numberOfLeadingZeros(openHoleBytes)]++;
    holes++;
    holeBytes += openHoleBytes;
    largestHoleBytes = Math.max(largestHoleBytes, openHoleBytes);
    openHoleBytes = 0;
  }

  /** Whether no area was added since the start or the last {@link #finish}. */
  public boolean isEmpty() {
    return areas == 0;
  }

  /**
   * The shape of the areas added, after which the fold is empty again. Holes are null unless all
   * gaps are known, by the mode and by what was added: one unknown gap in the window is enough.
   *
   * @throws IllegalStateException if no area was added
   */
  public AddressSpaceShape finish(GapKnowledge gaps) {
    if (isEmpty()) {
      throw new IllegalStateException("no area was added: an empty window has no shape");
    }
    closeHole();
    AddressSpaceShape shape =
        new AddressSpaceShape(
            areas,
            usedBytes,
            unpurgedAreas,
            unpurgedBytes,
            guardBytes,
            gaps == GapKnowledge.NONE ? null : Long.valueOf(runs),
            gaps == GapKnowledge.ALL && !anyGapUnknown ? holes() : null);
    clear();
    return shape;
  }

  private AddressSpaceShape.Holes holes() {
    List<Long> sizes = new ArrayList<>();
    int longest =
        largestHoleBytes == 0 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(largestHoleBytes);
    for (int i = 0; i < longest; i++) {
      sizes.add(holesLog2[i]);
    }
    List<UnusableFreeSpace> unusable = new ArrayList<>();
    long tooSmall = 0;
    for (int i = 0; i < requestBytes.length && holes > 0; i++) {
      tooSmall += bandBytes[i];
      unusable.add(new UnusableFreeSpace(requestBytes[i], (double) tooSmall / holeBytes));
    }
    return new AddressSpaceShape.Holes(
        spanBytes, holes, holeBytes, largestHoleBytes, sizes, unusable);
  }

  /** Forgets the areas added, of a snapshot that turned out not to be one. */
  public void clear() {
    Arrays.fill(bandBytes, 0);
    Arrays.fill(holesLog2, 0);
    areas = 0;
    usedBytes = 0;
    unpurgedAreas = 0;
    unpurgedBytes = 0;
    guardBytes = 0;
    runs = 0;
    anyGapUnknown = false;
    spanBytes = 0;
    openHoleBytes = 0;
    holes = 0;
    holeBytes = 0;
    largestHoleBytes = 0;
  }
}

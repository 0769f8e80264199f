/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import java.util.Optional;

/**
 * The multiples at which areas must start, beyond that of a page. The file does not print them:
 * they follow from the kind of an area, and count only if its own address agrees.
 *
 * <ul>
 *   <li>Kernel stacks: THREAD_SIZE, on arm64 twice that (THREAD_ALIGN), so that the stack pointer
 *       alone tells an overflow.
 *   <li>ioremap: the size without guard page, rounded up to a power of two, up to IOREMAP_MAX_ORDER
 *       ({@code __get_vm_area_node} in {@code mm/vmalloc.c}), so that large pages can map it.
 *   <li>vm_map_ram blocks: their size (VMAP_BLOCK_SIZE).
 *   <li>Percpu chunks and areas mapped with huge pages (5.13 and later): 2 MiB on x86_64, arm64
 *       with 4 KiB pages and riscv64.
 * </ul>
 */
final class Alignments {
  private static final long HUGE_PAGE = 2 << 20;
  private static final int STACKS_TO_TELL = 8;
  private static final String STACKS = "kernel-stacks";

  private final Explanation explanation;
  private final AddressSpace space;
  private final int stacks;
  private final long starts;

  /**
   * @param bytes a power of two, more than a page
   * @param why one or two sentences
   */
  record Alignment(long bytes, String why) {
    /** The first multiple from an address on. */
    long firstFrom(long address) {
      return address + bytes - 1 & -bytes;
    }
  }

  Alignments(Explanation explanation, AddressSpace space) {
    this.explanation = explanation;
    this.space = space;
    int count = 0;
    long bits = 0;
    for (int position = 0; position < space.count(); position++) {
      if (isStack(space.row(position))) {
        count++;
        bits |= space.start(position);
      }
    }
    this.stacks = count;
    this.starts = bits;
  }

  /** That of the area at a position; empty if a page is all it needs, or its address disagrees. */
  Optional<Alignment> of(int position) {
    Alignment alignment = expected(space.row(position));
    boolean agrees =
        alignment != null
            && alignment.bytes > explanation.pageSize()
            && (space.start(position) & alignment.bytes - 1) == 0;
    return agrees ? Optional.of(alignment) : Optional.empty();
  }

  private Alignment expected(int row) {
    AreaTable table = explanation.table();
    long size = table.size(row);
    long usable = size - explanation.pageSize();
    if (isStack(row)) {
      return stack(usable);
    }
    return switch (table.kind(row)) {
      case IOREMAP -> ioremap(usable);
      case PERCPU ->
          new Alignment(HUGE_PAGE, "Percpu chunks start at a multiple of 2 MiB, a huge page.");
      case VM_MAP_RAM ->
          Long.bitCount(size) == 1
              ? new Alignment(
                  size,
                  "Blocks of vm_map_ram start at a multiple of their size, %s."
                      .formatted(Count.bytes(size)))
              : null;
      case VMALLOC ->
          usable >= HUGE_PAGE
              ? new Alignment(
                  HUGE_PAGE,
                  "It starts at a multiple of 2 MiB, as areas mapped with huge pages must.")
              : null;
      case UNPURGED, LOWMEM, SPARSE, DMA_COHERENT, VMAP, USER, UNKNOWN -> null;
    };
  }

  private static Alignment ioremap(long usable) {
    long power = roundUpToPower(usable);
    return new Alignment(
        power,
        "It is an ioremap() of %s, and those start at a multiple of that, rounded up to a power of two (%s), so that large pages can map them."
            .formatted(Count.bytes(usable), Count.bytes(power)));
  }

  /** By the addresses of all stacks where there are enough: architectures differ. */
  private Alignment stack(long usable) {
    long power = roundUpToPower(usable);
    if (stacks >= STACKS_TO_TELL && Long.lowestOneBit(starts) >= 2 * power) {
      power *= 2;
    }
    boolean all = stacks > 1 && (starts & power - 1) == 0;
    return new Alignment(
        power,
        "It is a kernel stack, and those start at a multiple of %s%s."
            .formatted(Count.bytes(power), all ? ", as all " + Count.of(stacks) + " here do" : ""));
  }

  private boolean isStack(int row) {
    return explanation.meaning(row).family().slug().equals(STACKS);
  }

  private static long roundUpToPower(long bytes) {
    return bytes <= 1 ? 1 : Long.highestOneBit(bytes - 1) << 1;
  }
}

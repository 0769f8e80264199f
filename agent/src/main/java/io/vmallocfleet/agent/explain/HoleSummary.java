/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.agent.explain.Explanation.Extent;
import io.vmallocfleet.schemas.snapshot.Region;

/**
 * The holes of all windows. Each counts once: where the area above it had to start, or too small
 * for any area, or free otherwise.
 *
 * @param all holes between neighbours, without the middle of the vmalloc window
 * @param largest bytes of the largest of them
 * @param aligned those that the alignment of the area above accounts for in full
 * @param onePage others of one page, which no ordinary area fits into
 * @param middle bytes between the areas at the bottom and the percpu chunks at the top; 0 if the
 *     file has only one of them
 */
public record HoleSummary(Extent all, long largest, Extent aligned, Extent onePage, long middle) {

  /**
   * @throws IllegalArgumentException if the file does not show real addresses
   */
  public static HoleSummary of(Explanation explanation) {
    AddressSpace space = AddressSpace.of(explanation);
    Alignments alignments = new Alignments(explanation, space);
    Extent all = Extent.NONE;
    Extent aligned = Extent.NONE;
    Extent onePage = Extent.NONE;
    long largest = 0;
    long middle = 0;
    for (AddressSpace.Hole hole : space.holes()) {
      int above = hole.before() + 1;
      if (space.region(above) == Region.PERCPU && space.region(hole.before()) != Region.PERCPU) {
        middle = hole.bytes();
        continue;
      }
      all = all.plus(hole.bytes());
      largest = Math.max(largest, hole.bytes());
      boolean enough =
          alignments
              .of(above)
              .filter(alignment -> alignment.firstFrom(hole.start()) == space.start(above))
              .isPresent();
      if (enough) {
        aligned = aligned.plus(hole.bytes());
      } else if (hole.bytes() == explanation.pageSize()) {
        onePage = onePage.plus(hole.bytes());
      }
    }
    return new HoleSummary(all, largest, aligned, onePage, middle);
  }
}

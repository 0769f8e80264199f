/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.fragmentation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** An area with its address, and the slow, obvious shape of a list of them. */
record AddressRange(long start, long size, boolean unpurged) {

  long end() {
    return start + size;
  }

  static List<AddressRange> sorted(List<AddressRange> ranges) {
    return ranges.stream().sorted(Comparator.comparingLong(AddressRange::start)).toList();
  }

  /** Feeds the ranges in address order. */
  static void feed(AddressSpaceFold fold, List<AddressRange> ranges) {
    long previousEnd = -1;
    for (AddressRange range : sorted(ranges)) {
      long gap = previousEnd < 0 ? -1 : range.start() - previousEnd;
      fold.add(gap, range.size(), 0, range.unpurged());
      previousEnd = range.end();
    }
  }

  /** Sizes of the holes: the span minus every busy range, one list of free pieces after another. */
  static List<Long> holes(List<AddressRange> ranges) {
    List<AddressRange> ordered = sorted(ranges);
    List<Long> holes = new ArrayList<>();
    long freeFrom = ordered.get(0).start();
    for (AddressRange busy : ordered.stream().filter(range -> !range.unpurged()).toList()) {
      holes.add(busy.start() - freeFrom);
      freeFrom = busy.end();
    }
    holes.add(ordered.get(ordered.size() - 1).end() - freeFrom);
    return holes.stream().filter(hole -> hole > 0).toList();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The last snapshot heard of a host, from which it follows how many were lost until the next ones.
 *
 * @param sequence highest heard of that agent run
 */
public record HeardUpTo(String agentRun, long sequence) {

  /**
   * Snapshots that are missing between what was heard before and these: numbers left out within a
   * run, and of a run not heard before those up to its first number, or those it says were dropped
   * when these are more (a new run reports what an earlier one had to drop). What was lost before
   * the host was heard for the first time nobody knows. A snapshot that comes after its window was
   * closed counts as lost: it is in no window.
   *
   * @param before null when the host was never heard
   * @param numbers distinct ones of the window
   */
  static long lost(HeardUpTo before, Collection<SnapshotNumber> numbers) {
    if (numbers.size() == 1) { // nearly always
      SnapshotNumber only = numbers.iterator().next();
      return lost(before, only.agentRun(), List.of(only));
    }
    long lost = 0;
    Map<String, List<SnapshotNumber>> runs =
        numbers.stream().collect(Collectors.groupingBy(SnapshotNumber::agentRun));
    for (Map.Entry<String, List<SnapshotNumber>> run : runs.entrySet()) {
      lost += lost(before, run.getKey(), run.getValue());
    }
    return lost;
  }

  private static long lost(HeardUpTo before, String agentRun, List<SnapshotNumber> numbers) {
    boolean known = before != null && before.agentRun.equals(agentRun);
    return known ? lostAfter(before.sequence, numbers) : lostOfRun(before, numbers);
  }

  private static long lostAfter(long sequence, List<SnapshotNumber> numbers) {
    long highest = sequence;
    long heard = 0;
    for (SnapshotNumber number : numbers) {
      highest = Math.max(highest, number.sequence());
      heard += number.sequence() > sequence ? 1 : 0;
    }
    return highest - sequence - heard;
  }

  private static long lostOfRun(HeardUpTo before, List<SnapshotNumber> numbers) {
    SnapshotNumber first = numbers.get(0);
    for (SnapshotNumber number : numbers) {
      first = number.sequence() < first.sequence() ? number : first;
    }
    long within = lostAfter(first.sequence(), numbers);
    return before == null ? within : within + Math.max(first.sequence(), first.droppedBefore());
  }

  /** What is heard once these are, the latest snapshot among them being of the given run. */
  static HeardUpTo after(HeardUpTo before, String latestRun, Collection<SnapshotNumber> numbers) {
    long highest =
        before != null && before.agentRun.equals(latestRun) ? before.sequence : Long.MIN_VALUE;
    for (SnapshotNumber number : numbers) {
      if (number.agentRun().equals(latestRun)) {
        highest = Math.max(highest, number.sequence());
      }
    }
    return new HeardUpTo(latestRun, highest);
  }
}

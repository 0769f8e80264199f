/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * When a job can know that a window is over: when each partition has a snapshot taken as long after
 * its end as the job waits for stragglers. Told by the broker, whose clock counts. Thread safe.
 */
final class Watermarks {
  private final long waitMillis;

  /** By partition, when a snapshot taken then or later was there first. */
  private final List<TreeMap<Long, Long>> appendedByTaken;

  Watermarks(int partitions, long waitMillis) {
    this.waitMillis = waitMillis;
    this.appendedByTaken =
        Stream.generate(() -> new TreeMap<Long, Long>()).limit(partitions).toList();
  }

  synchronized void appended(int partition, long takenAtMillis, long appendedAtMillis) {
    TreeMap<Long, Long> appended = appendedByTaken.get(partition);
    if (appended.isEmpty() || takenAtMillis > appended.lastKey()) {
      appended.put(takenAtMillis, appendedAtMillis);
    }
  }

  /** Since when, in milliseconds since 1970; empty while it cannot be known. */
  synchronized OptionalLong passed(long windowEndMillis) {
    long passed = Long.MIN_VALUE;
    for (TreeMap<Long, Long> appended : appendedByTaken) {
      var first = appended.ceilingEntry(windowEndMillis + waitMillis);
      if (first == null) {
        return OptionalLong.empty();
      }
      passed = Math.max(passed, first.getValue());
    }
    return OptionalLong.of(passed);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one destination has not been told, while it cannot be. Holds the latest notice of each key:
 * at most one for each alert and mute, however long the outage. Tries again after {@link
 * #FIRST_WAIT}, then twice as long, up to {@link #LONGEST_WAIT}. Not thread safe.
 */
final class Outbox {
  static final Duration FIRST_WAIT = Duration.ofMillis(500);
  static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Destination destination;
  private final Map<String, Notice> waiting = new LinkedHashMap<>();
  private int failures;
  private long downSinceMillis;

  Outbox(Destination destination) {
    this.destination = destination;
  }

  Destination destination() {
    return destination;
  }

  /** Whether the last attempt failed, so that the next one waits. */
  boolean isDown() {
    return failures > 0;
  }

  /** Whether something waits to be tried again: then what comes new waits behind it. */
  boolean isBusy() {
    return isDown() || !waiting.isEmpty();
  }

  /** Since when nothing has got through; 0 while it does. */
  long downSinceMillis() {
    return downSinceMillis;
  }

  void keep(List<Notice> notices) {
    for (Notice notice : notices) {
      // To the end of the line: what is told later must not be told again before it.
      Notice earlier = waiting.remove(notice.key());
      Notice latest = earlier == null ? notice : notice.insteadOf(earlier);
      waiting.put(notice.key(), latest.onlyFor(destination.name()));
    }
  }

  /** The first of those that wait; they stay until {@link #told}. */
  List<Notice> first(int atMost) {
    return waiting.values().stream().limit(atMost).toList();
  }

  /** Takes out what has been told, unless there is news about it. */
  void told(List<Notice> notices) {
    for (Notice notice : notices) {
      if (waiting.get(notice.key()) == notice) {
        waiting.remove(notice.key());
      }
    }
    failures = 0;
    downSinceMillis = 0;
  }

  /** Notes a failure; says how long to wait. */
  Duration failed(long nowMillis) {
    if (failures == 0) {
      downSinceMillis = nowMillis;
    }
    failures = Math.min(failures + 1, 16);
    Duration wait = FIRST_WAIT.multipliedBy(1L << (failures - 1));
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  Collection<Notice> waiting() {
    return waiting.values();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import io.vmallocfleet.schemas.FleetTopic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * How much of a topic is read again at a start.
 *
 * @param age no record older than that
 * @param records at most that many of the newest, over all partitions: a fleet so large that a day
 *     of it would take minutes to read begins with less
 */
record ReadFrom(Duration age, long records) {
  private static final Duration ALL = Duration.ofDays(36_500);

  /** Snapshots are not read at all: a host's last one is found when somebody asks. */
  static Map<FleetTopic, ReadFrom> defaults() {
    Map<FleetTopic, ReadFrom> from = new EnumMap<>(FleetTopic.class);
    from.put(FleetTopic.RULES, new ReadFrom(ALL, Long.MAX_VALUE));
    from.put(FleetTopic.ALERTS, new ReadFrom(ALL, 200_000));
    from.put(FleetTopic.FINDINGS, new ReadFrom(Duration.ofDays(2), 200_000));
    from.put(FleetTopic.DEAD_LETTERS, new ReadFrom(ALL, 1_000));
    from.put(FleetTopic.CALLER_WINDOWS, new ReadFrom(Duration.ofDays(1), 8_000_000));
    from.put(FleetTopic.HOST_WINDOWS, new ReadFrom(Duration.ofDays(1), 3_000_000));
    return from;
  }
}

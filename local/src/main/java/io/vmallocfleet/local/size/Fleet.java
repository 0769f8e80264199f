/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.size;

import java.time.Duration;

/**
 * A fleet to be sized for.
 *
 * @param interval from one snapshot of a host to the next
 * @param callers of a snapshot
 * @param areas of a snapshot
 */
record Fleet(long hosts, Duration interval, int callers, int areas) {
  Fleet {
    if (hosts < 1 || callers < 1 || areas < 1) {
      throw new IllegalArgumentException("hosts, callers and areas: expected 1 or more of each");
    }
    if (interval.toMillis() < 1000) {
      throw new IllegalArgumentException("interval is " + interval + ": expected 1s or more");
    }
  }

  double snapshotsPerSecond() {
    return hosts * 1000.0 / interval.toMillis();
  }
}

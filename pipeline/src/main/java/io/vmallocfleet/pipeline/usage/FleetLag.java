/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import java.util.Arrays;
import java.util.LinkedHashMap;

/**
 * How long the snapshots of a stream are under way: the median of what the last {@value #HOSTS}
 * hosts heard needed from taking one until the broker had it. While hosts work off what waited for
 * a broker they are heard most, so it is how far they have got, whoever has nothing waiting; and
 * hosts whose clocks are behind do not count while they are fewer than half. Of two hosts the
 * quicker one counts.
 */
public final class FleetLag {
  static final int HOSTS = 15;

  /** The one heard longest ago first. */
  private final LinkedHashMap<String, Long> lastOf = new LinkedHashMap<>();

  /** The lag once this snapshot is there too, in milliseconds, from 0. */
  public long hear(String hostId, long lagMillis) {
    lastOf.remove(hostId);
    lastOf.put(hostId, Math.max(0, lagMillis));
    if (lastOf.size() > HOSTS) {
      lastOf.remove(lastOf.keySet().iterator().next());
    }
    long[] lags = new long[lastOf.size()];
    int hosts = 0;
    for (long lag : lastOf.values()) {
      lags[hosts++] = lag;
    }
    Arrays.sort(lags);
    return lags[(lags.length - 1) / 2];
  }
}

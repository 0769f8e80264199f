/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

/**
 * How long the snapshots of a stream are under way: the median of what the last {@value
 * LastHeard#HOSTS} hosts heard needed from taking one until the broker had it. While hosts work off
 * what waited for a broker they are heard most, so it is how far they have got, whoever has nothing
 * waiting; and hosts whose clocks are behind do not count while they are fewer than half. Of two
 * hosts the quicker one counts. A host that is no more is forgotten, with what it lagged behind at
 * its end.
 */
public final class FleetLag {
  private final LastHeard lags = new LastHeard();

  /** The lag once this snapshot is there too, in milliseconds, from 0. */
  public long hear(String hostId, long lagMillis) {
    long[] ascending = lags.hear(hostId, Math.max(0, lagMillis));
    return ascending[(ascending.length - 1) / 2];
  }
}

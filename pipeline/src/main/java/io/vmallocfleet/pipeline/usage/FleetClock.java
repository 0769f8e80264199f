/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

/**
 * What time it is according to the hosts of a stream: the latest clock among the last {@value
 * LastHeard#HOSTS} hosts heard that does not lie far beyond the others. It never goes back. Where a
 * stream is read long after it was written (a backlog, a recording) the broker's clock says nothing
 * any more; this one does, and hosts whose clocks are ahead do not move it while they are fewer
 * than half.
 *
 * <p>Far is {@link #FAR_MILLIS} beyond what the spread of the others explains: snapshots of few
 * hosts lie an interval apart, those of thousands next to one another. Of two hosts the later one
 * counts: nobody can say which of them is wrong, and the earlier one may have died. A host not
 * heard while each of the others was heard {@value LastHeard#ROUNDS} times is forgotten.
 */
public final class FleetClock {
  /** As far as a clock kept by NTP strays when it is badly kept. */
  static final long FAR_MILLIS = 30_000;

  /** From the first quartile to the median is a quarter of an even spread; this is all of it. */
  private static final int SPREAD = 4;

  private final LastHeard clocks = new LastHeard();
  private long nowMillis = Long.MIN_VALUE;

  /** The time when this snapshot arrives, in milliseconds since 1970. */
  public long hear(String hostId, long takenAtMillis) {
    nowMillis = Math.max(nowMillis, latestCredible(clocks.hear(hostId, takenAtMillis)));
    return nowMillis;
  }

  private static long latestCredible(long[] ascending) {
    long median = ascending[ascending.length / 2];
    long spread = SPREAD * (median - ascending[ascending.length / 4]);
    int last = ascending.length - 1;
    while (ascending[last] > median + spread + FAR_MILLIS) {
      last--;
    }
    return ascending[last];
  }
}

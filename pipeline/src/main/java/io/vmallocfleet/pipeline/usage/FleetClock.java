/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What time it is according to the hosts of a stream: the latest clock among the last {@value
 * #HOSTS} hosts heard that does not lie far beyond the others. It never goes back. Where a stream
 * is read long after it was written (a backlog, a recording) the broker's clock says nothing any
 * more; this one does, and hosts whose clocks are ahead do not move it while they are fewer than
 * half.
 *
 * <p>Far is {@link #FAR_MILLIS} beyond what the spread of the others explains: snapshots of few
 * hosts lie an interval apart, those of thousands next to one another. Of two hosts the later one
 * counts: nobody can say which of them is wrong, and the earlier one may have died. A host not
 * heard while each of the others was heard {@value #ROUNDS} times is forgotten.
 */
public final class FleetClock {
  static final int HOSTS = 15;
  static final int ROUNDS = 5;

  /** As far as a clock kept by NTP strays when it is badly kept. */
  static final long FAR_MILLIS = 30_000;

  /** From the first quartile to the median is a quarter of an even spread; this is all of it. */
  private static final int SPREAD = 4;

  private record Heard(long takenAtMillis, long arrival) {}

  /** The one heard longest ago first. */
  private final LinkedHashMap<String, Heard> lastOf = new LinkedHashMap<>();

  private long arrivals;
  private long nowMillis = Long.MIN_VALUE;

  /** The time when this snapshot arrives, in milliseconds since 1970. */
  public long hear(String hostId, long takenAtMillis) {
    lastOf.remove(hostId);
    lastOf.put(hostId, new Heard(takenAtMillis, arrivals++));
    forgetSilent();
    long[] clocks = new long[lastOf.size()];
    int hosts = 0;
    for (Heard heard : lastOf.values()) {
      clocks[hosts++] = heard.takenAtMillis();
    }
    Arrays.sort(clocks);
    nowMillis = Math.max(nowMillis, latestCredible(clocks));
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

  private void forgetSilent() {
    Iterator<Map.Entry<String, Heard>> oldestFirst = lastOf.entrySet().iterator();
    while (oldestFirst.hasNext()) {
      long silentFor = arrivals - oldestFirst.next().getValue().arrival();
      if (lastOf.size() <= HOSTS && silentFor <= (long) ROUNDS * lastOf.size()) {
        return;
      }
      oldestFirst.remove();
    }
  }
}

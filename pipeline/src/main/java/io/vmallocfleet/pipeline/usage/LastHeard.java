/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A number of each of the last {@value #HOSTS} hosts heard in a stream, as it was when the host was
 * heard last. A host not heard while each of the others was heard {@value #ROUNDS} times is
 * forgotten: it may be no more.
 */
final class LastHeard {
  static final int HOSTS = 15;
  static final int ROUNDS = 5;

  private record Heard(long number, long arrival) {}

  /** The one heard longest ago first. */
  private final LinkedHashMap<String, Heard> lastOf = new LinkedHashMap<>();

  private long arrivals;

  /** The numbers once this one is among them, ascending; at least one, at most {@link #HOSTS}. */
  long[] hear(String hostId, long number) {
    lastOf.remove(hostId);
    lastOf.put(hostId, new Heard(number, arrivals++));
    forgetSilent();
    long[] numbers = new long[lastOf.size()];
    int hosts = 0;
    for (Heard heard : lastOf.values()) {
      numbers[hosts++] = heard.number();
    }
    Arrays.sort(numbers);
    return numbers;
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

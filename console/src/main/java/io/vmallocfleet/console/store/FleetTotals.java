/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Sums over all hosts by window, exact: a float loses the small hosts of a large sum. */
final class FleetTotals {
  private static final String[] COLUMNS = {"bytes", "mapped", "areas", "hosts", "unpurged"};

  private final TreeMap<Long, long[]> sums = new TreeMap<>();

  void add(long window, HostEntry host) {
    long[] sum = sums.computeIfAbsent(window, key -> new long[COLUMNS.length]);
    sum[0] += host.bytes;
    sum[1] += host.mappedBytes;
    sum[2] += host.areas;
    sum[3]++;
    sum[4] += host.unpurgedBytes;
    while (sums.size() > Windows.KEPT) {
      sums.pollFirstEntry();
    }
  }

  void clear() {
    sums.clear();
  }

  /** Without the newest window, which is still coming in. */
  Series series(Windows windows, long rangeMillis) {
    if (sums.size() < 2) {
      return Series.EMPTY;
    }
    long last = sums.lastKey() - 1;
    int count = (int) Math.min(Windows.KEPT, Math.max(1, rangeMillis / windows.lengthMillis()));
    long first = Math.max(last - count + 1, sums.firstKey());
    int length = (int) Math.max(0, last - first + 1);
    Map<String, float[]> columns = new LinkedHashMap<>();
    for (int column = 0; column < COLUMNS.length; column++) {
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        long[] sum = sums.get(first + i);
        values[i] = sum == null ? Float.NaN : sum[column];
      }
      columns.put(COLUMNS[column], values);
    }
    return new Series(first * windows.lengthMillis(), windows.lengthMillis(), columns);
  }
}

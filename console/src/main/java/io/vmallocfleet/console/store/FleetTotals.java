/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sums over all hosts by window, exact: a float loses the small hosts of a large sum. */
final class FleetTotals {
  private static final List<String> COLUMNS =
      List.of("bytes", "mapped", "areas", "hosts", "unpurged", "lost", "waiting");

  /** What hosts hold. */
  static final List<String> USE = COLUMNS.subList(0, 5);

  /** Snapshots that never arrived, and those waiting in spools. */
  static final List<String> DELIVERY = COLUMNS.subList(5, 7);

  private final TreeMap<Long, long[]> sums = new TreeMap<>();

  void add(long window, HostEntry host) {
    long[] sum = sums.computeIfAbsent(window, key -> new long[COLUMNS.size()]);
    sum[0] += host.bytes;
    sum[1] += host.mappedBytes;
    sum[2] += host.areas;
    sum[3]++;
    sum[4] += host.unpurgedBytes;
    sum[5] += host.lostSnapshots;
    sum[6] += host.spoolSnapshots;
    while (sums.size() > Windows.KEPT) {
      sums.pollFirstEntry();
    }
  }

  void clear() {
    sums.clear();
  }

  /** Without the newest window, which is still coming in. */
  Series series(Windows windows, long rangeMillis, List<String> columns) {
    if (sums.size() < 2) {
      return Series.EMPTY;
    }
    long last = sums.lastKey() - 1;
    int count = (int) Math.min(Windows.KEPT, Math.max(1, rangeMillis / windows.lengthMillis()));
    long first = Math.max(last - count + 1, sums.firstKey());
    int length = (int) Math.max(0, last - first + 1);
    Map<String, float[]> read = new LinkedHashMap<>();
    for (String name : columns) {
      int column = COLUMNS.indexOf(name);
      float[] values = new float[length];
      for (int i = 0; i < length; i++) {
        long[] sum = sums.get(first + i);
        values[i] = sum == null ? Float.NaN : sum[column];
      }
      read.put(name, values);
    }
    return new Series(first * windows.lengthMillis(), windows.lengthMillis(), read);
  }
}

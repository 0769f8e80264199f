/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.Distribution;
import io.vmallocfleet.schemas.HostUse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One caller: its last day over the fleet, and its last window by cohort. Sums of a window arrive
 * cohort by cohort; each counts once, whatever is delivered again.
 */
final class CallerEntry {
  static final int BYTES = 0;
  static final int AREAS = 1;
  static final int HOSTS = 2;
  static final int P50 = 3;
  static final int P90 = 4;
  static final int P99 = 5;
  static final int MAX = 6;
  private static final int COLUMNS = 7;

  /** Windows that may still miss a cohort: partitions are not read at the same pace. */
  private static final int OPEN = 2;

  final CallerName name;
  final Ring ring = new Ring(COLUMNS, Windows.KEPT, 1);
  final Map<Integer, Share> shares = new TreeMap<>();
  private final Open[] open = new Open[OPEN];

  /** First window it was seen in: before it there is nothing to look for. */
  long firstWindow = Long.MAX_VALUE;

  CallerEntry(CallerName name) {
    this.name = name;
  }

  /** The caller in one cohort. */
  static final class Share {
    static final int SHARE_HOSTS = 0;
    static final int SHARE_P50 = 1;

    /** A window in six: 24 h of minutes in 240 values. */
    final Ring ring = new Ring(2, Windows.KEPT / 6, 6);

    long window = Long.MIN_VALUE;
    long hosts;
    long areas;
    long bytes;
    long mappedBytes;
    double[] quantiles = {};
    List<HostUse> topHosts = List.of();
  }

  /** Sums of a window that is not over for sure, exact. */
  private static final class Open {
    final long window;
    long bytes;
    long areas;
    long hosts;
    double max;
    final Sketch sketch = new Sketch();

    Open(long window) {
      this.window = window;
    }
  }

  /** False if the cohort's part of that window, or of a later one, is already in. */
  boolean add(CallerWindow record, int cohort, long window) {
    Share share = shares.computeIfAbsent(cohort, key -> new Share());
    if (window <= share.window) {
      return false;
    }
    Distribution values = record.getBytesPerHost();
    firstWindow = Math.min(firstWindow, window);
    share.window = window;
    share.hosts = record.getHosts();
    share.areas = record.getAreas();
    share.bytes = record.getBytes();
    share.mappedBytes = record.getMappedBytes();
    share.quantiles =
        new double[] {
          values.getMin(), values.getP50(), values.getP90(), values.getP99(), values.getMax()
        };
    share.topHosts = record.getTopHosts();
    share.ring.set(window, Share.SHARE_HOSTS, record.getHosts());
    share.ring.set(window, Share.SHARE_P50, values.getP50());

    Open sums = openAt(window);
    if (sums != null) {
      sums.bytes += record.getBytes();
      sums.areas += record.getAreas();
      sums.hosts += record.getHosts();
      sums.max = Math.max(sums.max, values.getMax());
      sums.sketch.add(values.getSketch());
      double[] quantiles = sums.sketch.quantiles();
      ring.set(window, BYTES, sums.bytes);
      ring.set(window, AREAS, sums.areas);
      ring.set(window, HOSTS, sums.hosts);
      ring.set(window, P50, quantiles[0]);
      ring.set(window, P90, quantiles[1]);
      ring.set(window, P99, quantiles[2]);
      ring.set(window, MAX, sums.max);
    }
    return true;
  }

  /** The sums of a window; null if it is so old that they are gone. */
  private Open openAt(long window) {
    int oldest = 0;
    for (int i = 0; i < OPEN; i++) {
      if (open[i] != null && open[i].window == window) {
        return open[i];
      }
      if (open[i] == null || (open[oldest] != null && open[i].window < open[oldest].window)) {
        oldest = i;
      }
    }
    if (open[oldest] != null && open[oldest].window > window) {
      return null;
    }
    open[oldest] = new Open(window);
    return open[oldest];
  }

  /** Bytes over the cohorts that are in the window or the one before it. */
  long bytesIn(long window) {
    return sum(window, share -> share.bytes);
  }

  long areasIn(long window) {
    return sum(window, share -> share.areas);
  }

  long hostsIn(long window) {
    return sum(window, share -> share.hosts);
  }

  private long sum(long window, java.util.function.ToLongFunction<Share> value) {
    long sum = 0;
    for (Share share : shares.values()) {
      // The newest window comes in cohort by cohort: until all are there, the one before counts.
      if (share.window >= window - 1) {
        sum += value.applyAsLong(share);
      }
    }
    return sum;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The windows of the fleet: how long they are, which is the newest. Window numbers are the end of a
 * window divided by the length.
 */
final class Windows {
  /** Windows kept for callers and the fleet: 24 h of minutes. */
  static final int KEPT = 1440;

  private long lengthMillis;
  private long newest = Long.MIN_VALUE;

  /** 0 before the first window. */
  long lengthMillis() {
    return lengthMillis;
  }

  boolean isEmpty() {
    return newest == Long.MIN_VALUE;
  }

  long newest() {
    return newest;
  }

  long newestEndMillis() {
    return isEmpty() ? 0 : newest * lengthMillis;
  }

  /** Whether windows have another length than before, so that numbers mean something else. */
  boolean changeLength(long startMillis, long endMillis) {
    long length = endMillis - startMillis;
    if (length <= 0 || length == lengthMillis) {
      return false;
    }
    boolean changed = lengthMillis != 0;
    lengthMillis = length;
    newest = Long.MIN_VALUE;
    return changed;
  }

  long number(long endMillis) {
    return Math.floorDiv(endMillis, lengthMillis);
  }

  void advance(long number) {
    newest = Math.max(newest, number);
  }

  /** The columns of a ring over the last milliseconds, at most as far back as it goes. */
  Series series(Ring ring, long rangeMillis, Map<String, Integer> columns) {
    return series(ring, newest, rangeMillis, columns);
  }

  /** Likewise, without the newest window: its cohorts come in one by one. */
  Series settledSeries(Ring ring, long rangeMillis, Map<String, Integer> columns) {
    return series(ring, newest - 1, rangeMillis, columns);
  }

  private Series series(
      Ring ring, long lastWindow, long rangeMillis, Map<String, Integer> columns) {
    if (isEmpty()) {
      return Series.EMPTY;
    }
    long last = Math.floorDiv(lastWindow, ring.stride());
    long step = ring.stride() * lengthMillis;
    int count = (int) Math.min(ring.slots(), Math.max(1, rangeMillis / step));
    long first = last - count + 1;
    Map<String, float[]> read = new LinkedHashMap<>();
    columns.forEach(
        (name, column) -> {
          float[] values = new float[count];
          for (int i = 0; i < count; i++) {
            values[i] = ring.atSlot(first + i, column);
          }
          read.put(name, values);
        });
    return new Series(first * step, step, read);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Duration;
import java.time.Instant;

/** The values of the last day of one key, at most one in five minutes: 288 slots, 4.6 KB. */
final class TrailingDay {
  private static final int SLOTS = 288;
  private static final long DAY = Duration.ofDays(1).toMillis();
  private static final long STEP = DAY / SLOTS;

  private final long[] at = new long[SLOTS];
  private final double[] values = new double[SLOTS];
  private int oldest;
  private int size;
  private double highest;

  /** Takes the value unless there is one within five minutes before. */
  void add(Instant when, double value) {
    long now = when.toEpochMilli();
    if (size > 0 && now - at[(oldest + size - 1) % SLOTS] < STEP) {
      return;
    }
    while (size == SLOTS || size > 0 && now - at[oldest] >= DAY) {
      oldest = (oldest + 1) % SLOTS;
      size--;
    }
    int slot = (oldest + size++) % SLOTS;
    at[slot] = now;
    values[slot] = value;
    if (slot == 0) {
      highest = 0;
      for (int i = 0; i < size; i++) {
        highest = Math.max(highest, value(i));
      }
    }
    highest = Math.max(highest, value);
  }

  /**
   * The highest value since the day was last worked through, which it is once a turn of the ring.
   */
  double highest() {
    return highest;
  }

  int size() {
    return size;
  }

  /** Oldest first. */
  double value(int index) {
    return values[(oldest + index) % SLOTS];
  }

  /** Hours since the oldest. */
  double hours(int index) {
    return (at[(oldest + index) % SLOTS] - at[oldest]) / 3_600_000.0;
  }
}

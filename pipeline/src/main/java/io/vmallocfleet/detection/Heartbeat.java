/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

/**
 * How often a host is usually heard, and until when its silence is no trouble. Immutable, 28 bytes.
 *
 * <p>Each host has its own interval, learned from the windows it was heard in: the longest usual
 * one counts, and shorter ones are believed slowly. A silence is no interval; only when it comes
 * again and again does it become usual, twice as long each time. As long as a host is new, it may
 * take an hour of windows.
 *
 * @param lastMillis start of the last window it was heard in
 * @param intervalMillis longest usual time from one such window to the next
 * @param windowMillis length of a window
 * @param heard windows it was heard in, up to {@value #KNOWN}
 */
public record Heartbeat(long lastMillis, long intervalMillis, long windowMillis, int heard) {

  /** A reboot takes some minutes and is no silence. */
  private static final int WINDOWS = 10;

  /** For a host that was heard less than {@value #KNOWN} times. */
  private static final int WINDOWS_WHEN_NEW = 60;

  private static final int KNOWN = 3;
  private static final int INTERVALS = 5;
  private static final int SLOWLY = 16;

  /** The first window a host is heard in. */
  public static Heartbeat first(long windowStartMillis, long windowMillis) {
    return new Heartbeat(windowStartMillis, windowMillis, windowMillis, 1);
  }

  public Heartbeat heard(long windowStartMillis) {
    long gap = windowStartMillis - lastMillis;
    if (gap <= 0) {
      return this;
    }
    long interval;
    if (gap > patienceMillis()) {
      interval = Math.min(gap, 2 * intervalMillis);
    } else if (gap >= intervalMillis) {
      interval = gap;
    } else {
      interval = intervalMillis - (intervalMillis - gap) / SLOWLY;
    }
    return new Heartbeat(windowStartMillis, interval, windowMillis, Math.min(heard + 1, KNOWN));
  }

  /** From the end of the last window on, so long may it be silent. */
  public long patienceMillis() {
    int windows = heard < KNOWN ? WINDOWS_WHEN_NEW : WINDOWS;
    return Math.max(INTERVALS * intervalMillis, windows * windowMillis);
  }

  /** When its silence becomes a trouble. */
  public long deadlineMillis() {
    return lastMillis + windowMillis + patienceMillis();
  }
}

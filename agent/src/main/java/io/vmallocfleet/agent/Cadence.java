/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import java.time.Duration;
import java.time.Instant;

/**
 * When to read: at once, then once an interval at the host's own moment in it, so that a fleet
 * started by one deployment does not send all at once. The second reading comes half an interval to
 * one and a half after the first. Counts the moments that passed while a reading still ran. Times
 * are {@link System#nanoTime}; the wall clock is only asked at the start. Not thread safe.
 */
final class Cadence {
  private final long interval;

  /** Moment number 0, which is no reading: moment n is n intervals later. */
  private final long base;

  private long turn;
  private long skipped;

  private Cadence(long interval, long base) {
    this.interval = interval;
    this.base = base;
  }

  /** Begins with a reading now; the moment within the interval follows from the host id. */
  static Cadence start(String hostId, Duration interval, Instant now, long nanoTime) {
    long nanos = interval.toNanos();
    // Spread the hash: ids that differ in one digit must not be neighbours.
    long own = (hostId.hashCode() * 0x9E3779B97F4A7C15L >>> 1) % nanos;
    long sinceOwn =
        Math.floorMod(now.getEpochSecond() * 1_000_000_000L + now.getNano() - own, nanos);
    long untilOwn = nanos - sinceOwn;
    long first = untilOwn < nanos / 2 ? untilOwn + nanos : untilOwn;
    return new Cadence(nanos, nanoTime + first - nanos);
  }

  /** Ends a reading: nanoseconds to wait for the next one. */
  long untilNext(long nanoTime) {
    long due = Math.max(turn, Math.floorDiv(nanoTime - base, interval)) + 1;
    skipped += due - turn - 1;
    turn = due;
    return base + turn * interval - nanoTime;
  }

  /** Moments passed without a reading since the last call. */
  long takeSkipped() {
    long taken = skipped;
    skipped = 0;
    return taken;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

/**
 * By how much the snapshots of a host come after the time they say they were taken, as long as that
 * stays the same: a clock that is behind, or a way to the broker on which everything waits as long.
 * Immutable, 28 bytes.
 *
 * <p>What waited in a spool comes in a burst, each snapshot less late than the one before; what was
 * reordered is late by chance. Neither keeps a lag over time.
 *
 * @param sinceMillis arrival of the first snapshot with that lag
 * @param lagMillis of that one
 * @param lastMillis arrival of the last one
 * @param snapshots so many, from 1
 */
public record Lag(long sinceMillis, long lagMillis, long lastMillis, int snapshots) {

  /**
   * A clock drifts, and arrivals jitter: by so much at least, and by a share of the time passed.
   */
  private static final long JITTER_MILLIS = 30_000;

  private static final int JITTER_SHARE = 10;

  /** Three that were reordered are as late as each other by chance once in a hundred times. */
  private static final int FEWEST = 5;

  /** The first one that came too late for its window. */
  public static Lag first(long takenAtMillis, long arrivedAtMillis) {
    return new Lag(arrivedAtMillis, arrivedAtMillis - takenAtMillis, arrivedAtMillis, 1);
  }

  /**
   * The next one that came too late.
   *
   * @param windowMillis more than ten of them without one, and nothing is left of what was before
   */
  public Lag next(long takenAtMillis, long arrivedAtMillis, long windowMillis) {
    long elapsed = arrivedAtMillis - sinceMillis;
    long jitter = Math.max(JITTER_MILLIS, Math.max(elapsed, windowMillis) / JITTER_SHARE);
    boolean same = Math.abs(arrivedAtMillis - takenAtMillis - lagMillis) <= jitter;
    boolean soon = arrivedAtMillis - lastMillis <= 10 * windowMillis;
    return same && soon
        ? new Lag(sinceMillis, lagMillis, Math.max(lastMillis, arrivedAtMillis), snapshots + 1)
        : first(takenAtMillis, arrivedAtMillis);
  }

  /**
   * Whether it has been the same for three windows, and for as many snapshots as chance rules out.
   */
  public boolean isSteady(long windowMillis) {
    return snapshots >= FEWEST && lastMillis - sinceMillis >= 3 * windowMillis;
  }
}

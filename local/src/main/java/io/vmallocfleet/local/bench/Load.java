/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.time.Duration;

/**
 * What the topic is filled with.
 *
 * @param hosts each sends once a minute
 * @param rounds snapshots of each, and windows of each
 * @param callers call sites of a snapshot at least; 0 for as many as the simulated hosts have
 * @param areas of a snapshot; 0 for as many as they have
 * @param cohorts kernel builds the hosts are spread over; 0 for those they have
 * @param latePercent of the snapshots, which come {@link #DELAY} after those of their time
 */
record Load(int hosts, int rounds, int callers, int areas, int cohorts, int latePercent) {
  static final Duration INTERVAL = Duration.ofMinutes(1);

  /** Long after their window was closed. */
  static final Duration DELAY = Duration.ofMinutes(3);

  /** More lives than that are not simulated: the other hosts send what these send. */
  static final int LIVES = 2_000;

  int lives() {
    return Math.min(hosts, LIVES);
  }

  /** Hosts that send the same as host {@code life}, itself among them. */
  int copiesOf(int life) {
    return hosts / lives() + (life < hosts % lives() ? 1 : 0);
  }

  long snapshots() {
    return (long) hosts * rounds;
  }

  /** Whether snapshots are sent as they are simulated. */
  boolean isPlain() {
    return hosts <= LIVES && callers == 0 && areas == 0 && cohorts == 0;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.spool;

import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;

/** Where an agent puts its snapshots. */
public interface Outbox {
  /** Takes a snapshot over; never fails, what cannot be kept is dropped and counted. */
  void put(Outgoing snapshot);

  /**
   * Snapshots dropped and not yet reported by one that was put, from 0. The next snapshot carries
   * this as its {@link Outgoing#droppedBefore}, which takes it off the count.
   */
  long dropped();

  /** What waits here for the broker. */
  SpoolOccupancy occupancy();
}

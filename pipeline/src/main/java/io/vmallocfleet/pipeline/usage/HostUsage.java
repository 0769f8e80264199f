/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.util.List;

/**
 * One snapshot, folded: what the host uses, per caller and per window of its address space.
 *
 * @param takenAtMillis host clock, milliseconds since 1970
 * @param blindReason why the agent could not see the areas; empty when it could
 * @param droppedBefore snapshots the agent had to drop since the last one it delivered, from 0
 * @param clockAheadMillis how far the host's clock was ahead of the arrival beyond the tolerance; 0
 *     when it was not
 * @param complete whether every area of the host is in the numbers: a blind snapshot, or one with
 *     areas left out, must not be read as a fall in use
 * @param spool what waited on the host for the broker
 */
public record HostUsage(
    Origin origin,
    HostIdentity host,
    String agentRun,
    long sequence,
    long droppedBefore,
    long takenAtMillis,
    long clockAheadMillis,
    AddressMode addressMode,
    String blindReason,
    boolean complete,
    int malformedLines,
    HostBudget budget,
    Totals totals,
    CallerTable callers,
    List<WindowShape> windows,
    SpoolOccupancy spool) {
  public HostUsage {
    // State written before there was a spool in it.
    spool = spool == null ? SpoolOccupancy.NONE : spool;
  }

  /**
   * Sums over all areas in use.
   *
   * @param areas unpurged areas not counted
   * @param bytes memory: pages times page size
   * @param mappedBytes address space, guard pages included, unpurged areas excluded
   * @param guardBytes of it guard pages
   */
  public record Totals(
      long areas,
      long bytes,
      long mappedBytes,
      long guardBytes,
      long unpurgedAreas,
      long unpurgedBytes) {}

  public String hostId() {
    return host.id();
  }

  public Cohort cohort() {
    return Cohort.of(host);
  }

  /** The same, taken with a clock that far ahead. */
  HostUsage withClockAhead(long millis) {
    return new HostUsage(
        origin,
        host,
        agentRun,
        sequence,
        droppedBefore,
        takenAtMillis,
        millis,
        addressMode,
        blindReason,
        complete,
        malformedLines,
        budget,
        totals,
        callers,
        windows,
        spool);
  }

  /** Whether this snapshot came after the other one. */
  boolean isAfter(HostUsage other) {
    return takenAtMillis != other.takenAtMillis
        ? takenAtMillis > other.takenAtMillis
        : sequence > other.sequence;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.LossRate;
import io.vmallocfleet.detection.Persistence;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.snapshot.AddressMode;

/**
 * How far what a host sends can be relied on.
 *
 * @param blind whether the agent sees nothing
 * @param dim whether addresses it once showed are shown no more
 * @param skewed whether its clock is ahead
 * @param unparsed whether lines are not understood
 * @param sighted whether addresses were ever shown
 */
public record Reliability(
    Persistence blind,
    Persistence dim,
    Persistence skewed,
    Persistence unparsed,
    LossRate loss,
    boolean sighted) {

  /** Windows in a row it takes to begin, and to end: a line torn while it was read is nothing. */
  private static final int WINDOWS = 3;

  static Reliability unknown() {
    Persistence absent = Persistence.absent();
    return new Reliability(absent, absent, absent, absent, LossRate.none(), false);
  }

  Reliability after(HostUsageInWindow host) {
    HostUsage usage = host.usage();
    boolean sees = usage.blindReason().isEmpty();
    boolean shown =
        usage.addressMode() == AddressMode.REAL || usage.addressMode() == AddressMode.HASHED;
    boolean hidden =
        usage.addressMode() == AddressMode.ZEROED || usage.addressMode() == AddressMode.PLACEHOLDER;
    return new Reliability(
        blind.observe(!sees, WINDOWS, WINDOWS),
        sees ? dim.observe(sighted && hidden, WINDOWS, WINDOWS) : dim,
        skewed.observe(usage.clockAheadMillis() > 0, WINDOWS, WINDOWS),
        unparsed.observe(usage.malformedLines() > 0, WINDOWS, WINDOWS),
        loss.observe(host.lost(), host.snapshots()),
        sighted || (sees && shown));
  }
}

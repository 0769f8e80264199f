/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.fragmentation.AddressSpaceShape;
import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.AddressWindow;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.HostMemory;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Region;
import io.vmallocfleet.schemas.UnusableFreeSpace;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/** A host's usage in a window as the record that is published. */
public final class HostWindows {
  private static final int TOP_CALLERS = 20;

  private HostWindows() {}

  public static HostWindow of(HostUsageInWindow inWindow) {
    HostUsage usage = inWindow.usage();
    HostUsage.Totals totals = usage.totals();
    return HostWindow.newBuilder()
        .setHostId(usage.hostId())
        .setHostname(usage.host().hostname())
        .setCohort(usage.cohort().toAvro())
        .setBootId(usage.host().bootId())
        .setWindowStart(Instant.ofEpochMilli(inWindow.windowStartMillis()))
        .setWindowEnd(Instant.ofEpochMilli(inWindow.windowEndMillis()))
        .setSnapshots(inWindow.snapshots())
        .setTakenAt(Instant.ofEpochMilli(usage.takenAtMillis()))
        .setAddressMode(AddressMode.valueOf(usage.addressMode().name()))
        .setBlind(usage.blindReason().isEmpty() ? null : usage.blindReason())
        .setAreas(totals.areas())
        .setBytes(totals.bytes())
        .setMappedBytes(totals.mappedBytes())
        .setGuardBytes(totals.guardBytes())
        .setUnpurgedAreas(totals.unpurgedAreas())
        .setUnpurgedBytes(totals.unpurgedBytes())
        .setMalformedLines(usage.malformedLines())
        .setLostSnapshots(inWindow.lost())
        .setClockAheadMs(usage.clockAheadMillis())
        .setLabels(usage.host().labels())
        .setMemory(memory(usage.budget()))
        .setWindows(usage.windows().stream().map(HostWindows::addressWindow).toList())
        .setTopCallers(topCallers(usage.callers()))
        .setCallers(usage.callers().size())
        .build();
  }

  private static HostMemory memory(HostBudget budget) {
    return new HostMemory(
        budget.memTotalBytes(),
        budget.vmallocTotalBytes(),
        budget.vmallocUsedBytes(),
        budget.percpuBytes(),
        budget.bpfJitLimitBytes());
  }

  private static AddressWindow addressWindow(WindowShape window) {
    AddressSpaceShape shape = window.shape();
    AddressSpaceShape.Holes holes = shape.holes();
    var record =
        AddressWindow.newBuilder()
            .setRegion(Region.valueOf(window.window().name()))
            .setAreas(shape.areas())
            .setUsedBytes(shape.usedBytes())
            .setRuns(shape.runs());
    if (holes != null) {
      record
          .setSpanBytes(holes.spanBytes())
          .setHoles(holes.count())
          .setHoleBytes(holes.bytes())
          .setLargestHoleBytes(holes.largestBytes())
          .setHoleSizesLog2(holes.sizesLog2())
          .setUnusableFreeSpace(
              holes.unusableFreeSpace().stream()
                  .map(u -> new UnusableFreeSpace(u.requestBytes(), u.index()))
                  .toList());
    }
    return record.build();
  }

  private static List<CallerUsage> topCallers(CallerTable callers) {
    return Arrays.stream(callers.largest(TOP_CALLERS))
        .mapToObj(
            i -> {
              CallerName name = CallerName.parse(callers.callers()[i]);
              return new CallerUsage(
                  name.function(),
                  name.module(),
                  callers.areas()[i],
                  callers.bytes()[i],
                  callers.mappedBytes()[i]);
            })
        .toList();
  }
}

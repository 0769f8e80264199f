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
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A host's usage in a window as the record that is published. */
public final class HostWindows {
  private static final int TOP_CALLERS = 20;

  private HostWindows() {}

  public static HostWindow of(HostUsageInWindow inWindow) {
    HostUsage usage = inWindow.usage();
    HostUsage.Totals totals = usage.totals();
    // Not by its builder, which looks every field up in the schema.
    var window = new HostWindow();
    window.setHostId(usage.hostId());
    window.setHostname(usage.host().hostname());
    window.setCohort(usage.cohort().toAvro());
    window.setBootId(usage.host().bootId());
    window.setWindowStart(Instant.ofEpochMilli(inWindow.windowStartMillis()));
    window.setWindowEnd(Instant.ofEpochMilli(inWindow.windowEndMillis()));
    window.setSnapshots(inWindow.snapshots());
    window.setTakenAt(Instant.ofEpochMilli(usage.takenAtMillis()));
    window.setAddressMode(AddressMode.valueOf(usage.addressMode().name()));
    window.setBlind(usage.blindReason().isEmpty() ? null : usage.blindReason());
    window.setAreas(totals.areas());
    window.setBytes(totals.bytes());
    window.setMappedBytes(totals.mappedBytes());
    window.setGuardBytes(totals.guardBytes());
    window.setUnpurgedAreas(totals.unpurgedAreas());
    window.setUnpurgedBytes(totals.unpurgedBytes());
    window.setMalformedLines(usage.malformedLines());
    window.setLostSnapshots(inWindow.lost());
    window.setClockAheadMs(usage.clockAheadMillis());
    window.setLabels(usage.host().labels());
    window.setMemory(memory(usage.budget()));
    window.setWindows(addressWindows(usage.windows()));
    window.setTopCallers(topCallers(usage.callers()));
    window.setCallers(usage.callers().size());
    window.setSpool(spool(usage.spool()));
    return window;
  }

  private static HostMemory memory(HostBudget budget) {
    return new HostMemory(
        budget.memTotalBytes(),
        budget.vmallocTotalBytes(),
        budget.vmallocUsedBytes(),
        budget.percpuBytes(),
        budget.bpfJitLimitBytes());
  }

  private static io.vmallocfleet.schemas.SpoolOccupancy spool(SpoolOccupancy spool) {
    return spool.isKnown()
        ? new io.vmallocfleet.schemas.SpoolOccupancy(
            spool.snapshots(), spool.bytes(), spool.maxBytes())
        : null;
  }

  private static List<AddressWindow> addressWindows(List<WindowShape> windows) {
    List<AddressWindow> records = new ArrayList<>(windows.size());
    for (WindowShape window : windows) {
      records.add(addressWindow(window));
    }
    return records;
  }

  private static AddressWindow addressWindow(WindowShape window) {
    AddressSpaceShape shape = window.shape();
    var record = new AddressWindow();
    record.setRegion(Region.valueOf(window.window().name()));
    record.setAreas(shape.areas());
    record.setUsedBytes(shape.usedBytes());
    record.setRuns(shape.runs());
    AddressSpaceShape.Holes holes = shape.holes();
    if (holes != null) {
      record.setSpanBytes(holes.spanBytes());
      record.setHoles(holes.count());
      record.setHoleBytes(holes.bytes());
      record.setLargestHoleBytes(holes.largestBytes());
      record.setHoleSizesLog2(holes.sizesLog2());
      record.setUnusableFreeSpace(unusable(holes));
    }
    return record;
  }

  private static List<UnusableFreeSpace> unusable(AddressSpaceShape.Holes holes) {
    List<UnusableFreeSpace> records = new ArrayList<>(holes.unusableFreeSpace().size());
    holes
        .unusableFreeSpace()
        .forEach(u -> records.add(new UnusableFreeSpace(u.requestBytes(), u.index())));
    return records;
  }

  private static List<CallerUsage> topCallers(CallerTable callers) {
    List<CallerUsage> records = new ArrayList<>(TOP_CALLERS);
    for (int i : callers.largest(TOP_CALLERS)) {
      CallerName name = CallerName.parse(callers.callers()[i]);
      records.add(
          new CallerUsage(
              name.function(),
              name.module(),
              callers.areas()[i],
              callers.bytes()[i],
              callers.mappedBytes()[i]));
    }
    return records;
  }
}

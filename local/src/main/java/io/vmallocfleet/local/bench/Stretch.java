/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.Region;
import io.vmallocfleet.schemas.snapshot.SnapshotCursor;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A simulated snapshot as another host would send it, with as many callers, areas and kernel builds
 * as asked: its areas are repeated, and those of one caller shared among callers of its name with a
 * number. Nodes and unknown words of the areas are left out. Not thread safe.
 */
final class Stretch {
  private static final String RELEASE = "6.12.0";

  private final Load load;
  private final SnapshotCursor cursor = new SnapshotCursor();
  private final SnapshotWriter writer = new SnapshotWriter(SnapshotWriter.DEFAULT_MAX_BYTES);
  private final List<Area> areas = new ArrayList<>();

  private record Area(
      int callSite, Region region, long gap, long size, long pages, int flags, long phys) {}

  Stretch(Load load) {
    this.load = load;
  }

  /**
   * @param copy number of the host among those that send the same, from 0, which is the host itself
   */
  byte[] apply(byte[] snapshot, int copy) throws UnreadableRecordException {
    SnapshotHeader header = cursor.open(snapshot);
    int sites = cursor.callSites();
    int wanted = Math.max(sites, load.callers());
    for (int i = 0; i < wanted; i++) {
      String number = i < sites ? "" : "_" + i / sites;
      writer.callSite(
          cursor.function(i % sites) + number, cursor.module(i % sites), "", 0x10, 0x100);
    }
    readAreas();
    int count = load.areas() == 0 ? areas.size() : load.areas();
    for (int i = 0; i < count; i++) {
      Area area = areas.get(i % areas.size());
      // Where the repetition begins, the hole before it is made up.
      long gap = area.gap < 0 && i >= areas.size() ? header.host().pageSize() : area.gap;
      writer.area(
          alias(area.callSite, i, sites, wanted),
          area.region,
          gap,
          area.size,
          area.pages,
          area.flags,
          area.phys);
    }
    while (cursor.nextChurn()) {
      writer.churn(cursor.callSite(), cursor.added(), cursor.removed());
    }
    return writer.finish(as(header, copy));
  }

  private void readAreas() throws UnreadableRecordException {
    areas.clear();
    while (cursor.nextArea()) {
      areas.add(
          new Area(
              cursor.callSite(),
              cursor.region(),
              cursor.gap(),
              cursor.size(),
              cursor.pages(),
              cursor.flags(),
              cursor.phys()));
    }
  }

  private static int alias(int callSite, int area, int sites, int wanted) {
    if (callSite < 0) {
      return callSite;
    }
    int aliases = (wanted - 1 - callSite) / sites + 1;
    return callSite + area % aliases * sites;
  }

  private SnapshotHeader as(SnapshotHeader header, int copy) {
    HostIdentity host = header.host();
    String id = copy == 0 ? host.id() : "%08x%s".formatted(copy, host.id().substring(8));
    String hostname = copy == 0 ? host.hostname() : host.hostname() + "-" + copy;
    boolean asSimulated = load.cohorts() == 0;
    // One release, or there would be as many cohorts for each of those simulated.
    String release = asSimulated ? host.kernelRelease() : RELEASE;
    String build =
        asSimulated
            ? host.kernelBuild()
            : "#%d SMP".formatted(Math.floorMod(id.hashCode(), load.cohorts()));
    return new SnapshotHeader(
        new HostIdentity(
            id,
            hostname,
            host.bootId(),
            release,
            build,
            host.architecture(),
            host.pageSize(),
            host.possibleCpus(),
            host.labels()),
        header.agentRun(),
        header.sequence(),
        header.takenAtMicros(),
        header.readMicros(),
        header.parseMicros(),
        header.addressMode(),
        header.blindReason(),
        header.droppedBefore(),
        header.skippedBefore(),
        header.malformedLines(),
        header.malformedSamples(),
        header.duplicateLines(),
        header.omittedAreas(),
        header.budget(),
        header.spool());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.util.List;
import java.util.Map;

/** A table as it goes over the wire, with the header of a made-up host. */
final class Snapshot {

  private static final HostIdentity HOST =
      new HostIdentity(
          "host", "host", "boot", "6.18.44", "#1 SMP", "x86_64", 4096, 2, Map.of("rack", "r1"));

  private Snapshot() {}

  static byte[] of(AreaTable table, SnapshotEncoder encoder) {
    return encoder.encode(table, omitted -> header(table, omitted));
  }

  private static SnapshotHeader header(AreaTable table, int omitted) {
    if (omitted > 0) {
      throw new IllegalStateException(omitted + " areas do not fit into a snapshot");
    }
    return new SnapshotHeader(
        HOST,
        "run",
        1,
        1_700_000_000_000_000L,
        400,
        60,
        AddressMode.valueOf(table.mode().name()),
        "",
        0,
        0,
        0,
        List.of(),
        0,
        omitted,
        HostBudget.UNKNOWN,
        SpoolOccupancy.NONE);
  }
}

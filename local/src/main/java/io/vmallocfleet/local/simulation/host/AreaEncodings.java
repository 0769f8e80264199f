/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.util.HashMap;
import java.util.Map;

/**
 * What snapshots say of areas, for all hosts of a fleet. Areas of one size and kind read the same:
 * kept once, the bytes of a few hundred stay in the processor's cache, those of every area of every
 * host do not, and writing a snapshot waited for them.
 */
final class AreaEncodings {
  private final Map<Alike, byte[]> known = new HashMap<>();

  private record Alike(long size, int pages, int flags, int node) {}

  /** As {@link SnapshotWriter#encodedArea} encodes it; not to be changed. */
  byte[] of(long size, int pages, int flags, long phys, int node) {
    if (phys != 0) {
      return SnapshotWriter.encodedArea(size, pages, flags, phys, node); // like no other
    }
    return known.computeIfAbsent(
        new Alike(size, pages, flags, node),
        a -> SnapshotWriter.encodedArea(a.size(), a.pages(), a.flags(), 0, a.node()));
  }
}

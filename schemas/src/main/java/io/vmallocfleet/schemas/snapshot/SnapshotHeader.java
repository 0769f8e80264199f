/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import java.util.List;
import java.util.Optional;

/**
 * Everything in a snapshot that comes before its arrays; units and ranges in {@code
 * VmallocSnapshot.avsc}.
 *
 * @param blindReason why the agent could not see the areas; empty string when it could
 * @param spool of the agent, just before this snapshot went into it
 */
public record SnapshotHeader(
    HostIdentity host,
    String agentRun,
    long sequence,
    long takenAtMicros,
    int readMicros,
    int parseMicros,
    AddressMode addressMode,
    String blindReason,
    long droppedBefore,
    long skippedBefore,
    int malformedLines,
    List<String> malformedSamples,
    int duplicateLines,
    int omittedAreas,
    HostBudget budget,
    SpoolOccupancy spool) {
  public SnapshotHeader {
    malformedSamples = List.copyOf(malformedSamples);
  }

  /** Why the agent could not see the areas, if it could not. */
  public Optional<String> blind() {
    return blindReason.isEmpty() ? Optional.empty() : Optional.of(blindReason);
  }
}

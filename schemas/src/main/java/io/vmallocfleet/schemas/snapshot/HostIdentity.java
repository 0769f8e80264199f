/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

import java.util.Map;

/**
 * Who sends a snapshot: the {@code Host} of {@code VmallocSnapshot.avsc}, which gives the units.
 */
public record HostIdentity(
    String id,
    String hostname,
    String bootId,
    String kernelRelease,
    String kernelBuild,
    String architecture,
    int pageSize,
    int possibleCpus,
    Map<String, String> labels) {
  public HostIdentity {
    if (id.isEmpty()) {
      throw new IllegalArgumentException("a host needs an id: it is the key of its snapshots");
    }
    if (Integer.bitCount(pageSize) != 1) {
      throw new IllegalArgumentException("page size " + pageSize + " is not a power of two");
    }
    labels = Map.copyOf(labels);
  }
}

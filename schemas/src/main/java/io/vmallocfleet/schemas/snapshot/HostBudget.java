/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

/**
 * What only the host knows about its memory, bytes; -1 where not readable: the {@code HostMemory}
 * of {@code VmallocSnapshot.avsc}.
 */
public record HostBudget(
    long memTotalBytes,
    long vmallocTotalBytes,
    long vmallocUsedBytes,
    long percpuBytes,
    long bpfJitLimitBytes) {
  public static final HostBudget UNKNOWN = new HostBudget(-1, -1, -1, -1, -1);
}

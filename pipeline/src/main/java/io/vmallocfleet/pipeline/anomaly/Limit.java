/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.fragmentation.RegionCapacity;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.CallerTable;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.WindowShape;
import io.vmallocfleet.schemas.snapshot.Region;
import java.util.ArrayList;
import java.util.List;

/**
 * A limit of a host and what is used of it.
 *
 * @param name of the limit: {@code VMALLOC}, {@code MODULES} or {@code BPF_JIT}
 * @param label for people
 */
record Limit(String name, String label, long usedBytes, long limitBytes) {
  static final String BPF_JIT_FAMILY = "bpf-jit";

  /** Every limit whose size is known. */
  static List<Limit> of(HostUsage usage) {
    List<Limit> limits = new ArrayList<>();
    for (WindowShape window : usage.windows()) {
      long capacity = capacity(usage, window.window());
      if (capacity > 0 && window.window() != Region.UNKNOWN) {
        boolean modules = window.window() == Region.MODULES;
        limits.add(
            new Limit(
                window.window().name(),
                modules ? "the module address space" : "the vmalloc address space",
                window.shape().busyBytes(),
                capacity));
      }
    }
    if (usage.budget().bpfJitLimitBytes() > 0) {
      limits.add(
          new Limit(
              "BPF_JIT",
              "net.core.bpf_jit_limit",
              compiledBpfBytes(usage.callers()),
              usage.budget().bpfJitLimitBytes()));
    }
    return limits;
  }

  /** Bytes of a window, {@link RegionCapacity#UNKNOWN} where nobody knows. */
  static long capacity(HostUsage usage, Region window) {
    return switch (window) {
      case VMALLOC, PERCPU -> usage.budget().vmallocTotalBytes();
      case MODULES -> RegionCapacity.modules(usage.host().architecture());
      case UNKNOWN -> RegionCapacity.UNKNOWN;
    };
  }

  private static long compiledBpfBytes(CallerTable callers) {
    long bytes = 0;
    for (int i = 0; i < callers.size(); i++) {
      // Names of the family all begin so; asking the table for every caller costs more.
      if (callers.callers()[i].startsWith("bpf_")
          && HostFinding.purpose(CallerName.parse(callers.callers()[i])).equals(BPF_JIT_FAMILY)) {
        bytes += callers.bytes()[i];
      }
    }
    return bytes;
  }
}

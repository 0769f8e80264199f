/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.local.simulation.Capture;
import java.util.List;

/**
 * A kernel build of the fleet. Its call sites lie at other offsets than those of any other build.
 *
 * @param capture the rows a host starts from; null for a kind of which no capture may be published
 * @param generation 6, 5 or arm: which callers of the catalogue it has
 * @param bpfJitLimit bytes; half of the module area since 5.16, a quarter before
 *     (kernel/bpf/core.c, bpf_jit_charge_init)
 */
public record KernelBuild(
    String release,
    String build,
    String architecture,
    Capture capture,
    String generation,
    long bpfJitLimit) {
  private static final long NEW_LIMIT = 528_482_304;
  private static final long OLD_LIMIT = 264_241_152;

  /** The builds that hosts of 64 bits run, by the share of the fleet, largest first. */
  static final List<KernelBuild> SERVERS =
      List.of(
          server("6.18.44", "#1 SMP PREEMPT_DYNAMIC Tue Oct 20 09:12:44 UTC 2026", true),
          server("5.8.0-63-generic", "#71-Ubuntu SMP Tue Jul 13 15:59:12 UTC 2021", false),
          server("6.18.39", "#1 SMP PREEMPT_DYNAMIC Mon Aug 31 11:02:10 UTC 2026", true),
          server("5.8.0-59-generic", "#66-Ubuntu SMP Thu Jun 17 00:46:01 UTC 2021", false));

  static final KernelBuild APPLIANCE =
      new KernelBuild("4.14.212", "#1 SMP Fri Mar 6 08:21:00 UTC 2026", "armv7l", null, "arm", -1);

  private static KernelBuild server(String release, String build, boolean recent) {
    return new KernelBuild(
        release,
        build,
        "x86_64",
        recent ? Capture.LINUX_6_18 : Capture.LINUX_5_8,
        recent ? "6" : "5",
        recent ? NEW_LIMIT : OLD_LIMIT);
  }

  /**
   * The build at that place among all hosts.
   *
   * @param quantile from 0 to below 1
   */
  static KernelBuild at(double quantile) {
    return SERVERS.get(quantile < 0.45 ? 0 : quantile < 0.75 ? 1 : quantile < 0.9 ? 2 : 3);
  }

  boolean bits32() {
    return capture == null;
  }

  /** The same kernel, released anew. */
  KernelBuild upgradedTo(String newRelease, String newBuild) {
    return new KernelBuild(newRelease, newBuild, architecture, capture, generation, bpfJitLimit);
  }
}

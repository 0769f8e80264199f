/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.host;

import io.vmallocfleet.schemas.snapshot.HostBudget;
import java.util.Optional;

/** Reads the host's memory figures; see {@code HostMemory} in {@code VmallocSnapshot.avsc}. */
public final class HostBudgets {
  private HostBudgets() {}

  /** Reads {@code /proc/meminfo} and {@code net.core.bpf_jit_limit}; what is missing is -1. */
  public static HostBudget read(HostFiles files) {
    String meminfo = files.text("proc/meminfo").orElse("");
    return new HostBudget(
        kilobytes(meminfo, "MemTotal"),
        kilobytes(meminfo, "VmallocTotal"),
        kilobytes(meminfo, "VmallocUsed"),
        kilobytes(meminfo, "Percpu"),
        number(files.text("proc/sys/net/core/bpf_jit_limit")));
  }

  /** Bytes of a line such as {@code VmallocUsed: 14124 kB}; looked for by hand, every interval. */
  private static long kilobytes(String meminfo, String name) {
    String key = name + ":";
    int at = meminfo.startsWith(key) ? 0 : meminfo.indexOf("\n" + key) + 1;
    if (!meminfo.startsWith(key, at)) {
      return -1;
    }
    int end = meminfo.indexOf(" kB", at);
    long kilobytes =
        end < 0 ? -1 : number(Optional.of(meminfo.substring(at + key.length(), end).strip()));
    return kilobytes < 0 ? -1 : kilobytes * 1024;
  }

  private static long number(Optional<String> text) {
    try {
      return text.map(Long::parseLong).orElse(-1L);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}

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

  /** Bytes of a line such as {@code VmallocUsed: 14124 kB}. */
  private static long kilobytes(String meminfo, String name) {
    return meminfo
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).replace("kB", "").strip())
        .findFirst()
        .map(text -> number(Optional.of(text)))
        .filter(kilobytes -> kilobytes >= 0)
        .map(kilobytes -> kilobytes * 1024)
        .orElse(-1L);
  }

  private static long number(Optional<String> text) {
    try {
      return text.map(Long::parseLong).orElse(-1L);
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}

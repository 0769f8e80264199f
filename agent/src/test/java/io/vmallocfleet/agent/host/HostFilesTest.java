/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
  @TempDir Path root;

  @Test
  void describes_the_host_without_showing_its_machine_id() throws IOException {
    write("etc/machine-id", "0123456789abcdef0123456789abcdef\n");
    write("proc/sys/kernel/hostname", "edge-7\n");
    write("proc/sys/kernel/random/boot_id", "5f0c2f5e\n");
    write("proc/sys/kernel/osrelease", "6.18.44\n");
    write("proc/sys/kernel/version", "#1 SMP\n");
    write("proc/sys/kernel/arch", "aarch64\n");
    write("sys/devices/system/cpu/possible", "0-3,8-11\n");

    HostIdentity host = HostIdentities.read(new HostFiles(root), Map.of("role", "edge"));

    assertThat(host)
        .isEqualTo(
            new HostIdentity(
                // printf 'vmalloc-fleet:0123456789abcdef0123456789abcdef' | sha256sum | cut -c1-32
                "cc61e0b9121963a43fb8ee7a07722e25",
                "edge-7",
                "5f0c2f5e",
                "6.18.44",
                "#1 SMP",
                "aarch64",
                4096,
                8,
                Map.of("role", "edge")));
  }

  @Test
  void a_host_that_shows_nothing_still_has_an_identity() {
    HostIdentity host = HostIdentities.read(new HostFiles(root), Map.of());

    assertThat(host.id()).hasSize(32);
    assertThat(host.hostname()).isEqualTo("localhost");
    assertThat(host.possibleCpus()).isZero();
  }

  @Test
  void the_page_size_is_in_the_auxiliary_vector() {
    ByteBuffer auxv = ByteBuffer.allocate(48).order(ByteOrder.nativeOrder());
    auxv.putLong(33).putLong(0x7ffd0000).putLong(6).putLong(65536).putLong(0).putLong(0);

    assertThat(HostIdentities.pageSize(auxv.array())).isEqualTo(65536);
    assertThat(HostIdentities.pageSize(new byte[3])).isEqualTo(4096);
  }

  @Test
  void a_cpu_list_that_is_none_counts_nothing() {
    assertThat(HostIdentities.possibleCpus(Optional.of("0"))).isEqualTo(1);
    assertThat(HostIdentities.possibleCpus(Optional.of("0-x"))).isZero();
  }

  @Test
  void memory_figures_are_bytes_and_minus_one_where_missing() throws IOException {
    write(
        "proc/meminfo",
        """
        MemTotal:       24576000 kB
        VmallocTotal:   34359738367 kB
        VmallocUsed:       14124 kB
        VmallocChunk:          0 kB
        """);
    write("proc/sys/net/core/bpf_jit_limit", "264241152\n");

    assertThat(HostBudgets.read(new HostFiles(root)))
        .isEqualTo(
            new HostBudget(24576000L * 1024, 34359738367L * 1024, 14124L * 1024, -1, 264241152));
    assertThat(HostBudgets.read(new HostFiles(root.resolve("nowhere"))))
        .isEqualTo(HostBudget.UNKNOWN);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void a_sysctl_is_read_whole() throws Exception {
    // World readable, and a number like net.core.bpf_jit_limit, which is for root.
    Process cat = new ProcessBuilder("cat", "/proc/sys/kernel/pid_max").start();
    String expected = cat.inputReader().readLine();

    assertThat(HostFiles.REAL.text("proc/sys/kernel/pid_max")).contains(expected);
    assertThat(expected).hasSizeGreaterThan(1);
  }

  private void write(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

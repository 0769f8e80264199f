/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import static io.vmallocfleet.pipeline.SnapshotBuilder.PAGE;
import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.detection.HeadroomSettings;
import io.vmallocfleet.pipeline.SnapshotBuilder;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.snapshot.AreaFlags;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.Region;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchAddressSpaceTest {
  private static final long WINDOW = 600_000;
  private static final long MIB = 1 << 20;

  /** The request that failed on the host of the capture, less its guard page. */
  private static final long FAILED = 839_680 - PAGE;

  private KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, Finding> harness;
  private int window;

  @BeforeEach
  void open() throws Exception {
    harness = harness(FAILED);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void names_the_request_that_failed_on_a_fragmented_powermac() throws Exception {
    see(fragmented("ppc"), 2);

    Finding finding = only(FindingKind.FRAGMENTATION);
    assertThat(finding.getRequestBytes()).isEqualTo(839_680);
    assertThat(finding.getRegion()).isEqualTo("VMALLOC");
    assertThat(finding.getEvidence().getBytes()).isEqualTo(831_488);
    assertThat(finding.getEvidence().getBaselineBytes()).isEqualTo(7_561_216);
    assertThat(finding.getSentence())
        .isEqualTo(
            "A request for 839,680 bytes would fail on mac: 7,561,216 bytes of its vmalloc address"
                + " space are free, but in 201 holes, the largest of 831,488.");
  }

  @Test
  void a_request_as_large_as_the_largest_hole_fits() throws Exception {
    harness.close();
    harness = harness(831_488 - PAGE);

    see(fragmented("ppc"), 3);

    assertThat(harness.extractOutputValues()).isEmpty();
  }

  @Test
  void holes_mean_nothing_where_there_is_room_beyond_the_areas() throws Exception {
    see(fragmented("ppc").budget(new HostBudget(-1, 80_000_000, -1, -1, -1)), 3);

    assertThat(harness.extractOutputValues()).isEmpty();
  }

  @Test
  void says_once_that_such_a_request_fits_again() throws Exception {
    see(fragmented("ppc"), 2);
    see(snapshot("mac").architecture("ppc").area("a", 1), 3);

    assertThat(verdicts()).containsExactly("SEEN", "GONE");
    assertThat(harness.extractOutputValues().get(1).getGoneBecause())
        .isEqualTo("such a request fits again");
  }

  @Test
  void a_reboot_ends_it() throws Exception {
    see(fragmented("ppc"), 2);
    see(snapshot("mac").architecture("ppc").boot("boot-2").area("a", 1), 1);

    assertThat(verdicts()).containsExactly("SEEN", "GONE");
    assertThat(harness.extractOutputValues().get(1).getGoneBecause())
        .isEqualTo("the host rebooted");
  }

  @Test
  void bpf_jit_close_to_its_limit_is_seen_before_it_is_there() throws Exception {
    // 100 MiB of 264, and 2 MiB more in ten minutes: from 132 MiB on, half of the limit, what is
    // left lasts less than 24 hours.
    HostBudget budget = new HostBudget(-1, -1, -1, -1, 264 * MIB);
    for (int i = 0; i < 40; i++) {
      see(snapshot("k8s").budget(budget).area("bpf_jit_alloc_exec", (100 + 2 * i) * 256L), 1);
    }

    List<Finding> findings = harness.extractOutputValues();
    assertThat(findings).extracting(Finding::getKind).containsOnly(FindingKind.HEADROOM);
    Finding first = findings.get(0);
    // (264 - 132) / 2 = 66 buckets are eleven hours: more than the eight that page.
    assertThat(first.getSeverity()).isEqualTo(Severity.TICKET);
    assertThat(first.getWindowEnd().toEpochMilli()).isEqualTo(17 * WINDOW);
    assertThat(first.getExhaustionAt().toEpochMilli()).isEqualTo((17 + 66) * WINDOW);
    assertThat(first.getSentence())
        .startsWith("k8s uses 132.0 MiB of 264.0 MiB of net.core.bpf_jit_limit, 50 %; at the rate");
    assertThat(findings.get(findings.size() - 1).getSeverity()).isEqualTo(Severity.PAGE);
  }

  @Test
  void thirty_two_bits_of_vmalloc_space_run_out() throws Exception {
    HostBudget budget = new HostBudget(-1, 240 * MIB, -1, -1, -1);

    see(snapshot("box").architecture("armv7l").budget(budget).area("a", 210 * 256), 1);
    see(snapshot("box").architecture("armv7l").budget(budget).area("a", 100 * 256), 1);

    // 210 of 240 MiB are 87.5 %.
    assertThat(verdicts()).containsExactly("SEEN", "GONE");
    assertThat(harness.extractOutputValues().get(0).getSentence())
        .isEqualTo("box uses 210.0 MiB of 240.0 MiB of the vmalloc address space, 88 %.");
  }

  @Test
  void the_module_space_of_a_server_runs_out() throws Exception {
    see(
        snapshot("web")
            .area("load_module", Region.MODULES, -1, 900 * MIB, 900 * 256, AreaFlags.VMALLOC),
        1);

    assertThat(only(FindingKind.HEADROOM).getRegion()).isEqualTo("MODULES");
  }

  private static SnapshotBuilder fragmented(String architecture) throws IOException {
    SnapshotBuilder mac = snapshot("mac").architecture(architecture);
    long end = -1;
    for (String[] row : rowsByAddress()) {
      long start = Long.parseLong(row[0], 16);
      long size = Long.parseLong(row[1]);
      boolean unpurged = row[2].equals("1");
      mac.area(
          unpurged ? null : "anything",
          Region.VMALLOC,
          end < 0 ? -1 : start - end,
          size,
          0,
          unpurged ? AreaFlags.UNPURGED : AreaFlags.VMALLOC);
      end = start + size;
    }
    return mac;
  }

  /** Eight hexadecimal digits each, so their order is that of the addresses. */
  private static List<String[]> rowsByAddress() throws IOException {
    try (InputStream in =
        WatchAddressSpaceTest.class.getResourceAsStream(
            "/io/vmallocfleet/fragmentation/ppc32-6.14-rc4.tsv")) {
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#") && line.compareTo("f1000000") >= 0)
          .sorted()
          .map(line -> line.split("\t"))
          .toList();
    }
  }

  private void see(SnapshotBuilder snapshot, int windows) throws Exception {
    var usage = snapshot.usage();
    for (int i = 0; i < windows; i++) {
      long start = window++ * WINDOW;
      harness.processElement(
          new HostUsageInWindow(start, start + WINDOW, 1, usage), start + WINDOW - 1);
    }
  }

  private Finding only(FindingKind kind) {
    assertThat(harness.extractOutputValues()).hasSize(1);
    Finding finding = harness.extractOutputValues().get(0);
    assertThat(finding.getKind()).isEqualTo(kind);
    return finding;
  }

  private List<String> verdicts() {
    return harness.extractOutputValues().stream().map(f -> f.getVerdict().name()).toList();
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, Finding> harness(
      long requestBytes) throws Exception {
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(
                new WatchAddressSpace(HeadroomSettings.DEFAULTS, requestBytes)),
            HostUsageInWindow::hostId,
            Types.STRING);
    harness.open();
    return harness;
  }
}

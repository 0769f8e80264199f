/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.pipeline.SnapshotBuilder;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchHostTest {
  private static final long WINDOW = 60_000;
  private static final long MIB_PAGES = 256;
  private static final DetectionSettings SETTINGS =
      DetectionSettings.DEFAULTS.withBucket(Duration.ofMillis(WINDOW));

  private KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, Finding> harness;
  private int window;

  @BeforeEach
  void open() throws Exception {
    harness = harness();
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void a_leaking_caller_is_found_again_in_every_window_under_one_fingerprint() throws Exception {
    for (int i = 0; i < 40; i++) {
      see(snapshot("web-1").area("steady", 100).area("htab_map_alloc", (10 + 8 * i) * MIB_PAGES));
    }

    List<Finding> leaks = leaks();
    assertThat(leaks).hasSizeGreaterThan(2);
    assertThat(leaks).extracting(Finding::getFunction).containsOnly("htab_map_alloc");
    assertThat(leaks).extracting(Finding::getHostId).containsOnly("web-1");
    assertThat(leaks)
        .extracting(Finding::getFingerprint)
        .containsOnly(leaks.get(0).getFingerprint());
    // 8 MiB a minute are 480 MiB an hour.
    assertThat(leaks.get(0).getEvidence().getBytesPerHour())
        .isCloseTo(480.0 * (1 << 20), within(16.0));
    assertThat(leaks.get(0).getPurpose()).isEqualTo("bpf-maps");
    assertThat(leaks.get(0).getSentence())
        .startsWith("htab_map_alloc on web-1 holds ")
        .endsWith("480.0 MiB an hour.");
  }

  @Test
  void what_may_be_a_cache_that_fills_is_not_told_at_once_and_what_cannot_be_is() throws Exception {
    for (int i = 0; i < 24; i++) {
      long pages = (10 + 8 * i) * MIB_PAGES;
      see(snapshot("web-1").area("htab_map_alloc", pages).area("bucket_table_alloc", pages));
    }

    assertThat(leaks()).extracting(Finding::getFunction).containsOnly("htab_map_alloc");
  }

  @Test
  void areas_that_begin_to_come_and_go_by_the_hundred_are_churn_until_they_stop() throws Exception {
    for (int i = 0; i < 40; i++) {
      boolean busy = i >= 20 && i < 30;
      see(snapshot("web-1").area("bpf_prog_alloc", 4).churn("bpf_prog_alloc", busy ? 400 : 3));
    }

    // Three windows until it is believed; 400 came and 400 went.
    List<Finding> churn = found(FindingKind.CHURN);
    assertThat(churn).hasSize(9);
    assertThat(churn.get(0).getSentence())
        .isEqualTo(
            "Areas of bpf_prog_alloc on web-1 come and go: 800 changes between two snapshots,"
                + " usually 0, since 1970-01-01T00:20:00Z.");
    assertThat(churn.get(8).getVerdict()).isEqualTo(Verdict.GONE);
    assertThat(churn.get(8).getWindowStart().toEpochMilli()).isEqualTo(30 * WINDOW);
  }

  @Test
  void a_blind_window_is_not_a_fall_and_rise() throws Exception {
    for (int i = 0; i < 20; i++) {
      see(
          i == 12 || i == 13
              ? snapshot("web-1").blind("no permission")
              : snapshot("web-1").area("big", 500 * MIB_PAGES));
    }

    assertThat(harness.extractOutputValues()).isEmpty();
  }

  @Test
  void a_reboot_starts_every_baseline_again() throws Exception {
    for (int i = 0; i < 24; i++) {
      see(
          snapshot("web-1")
              .boot(i < 12 ? "boot-1" : "boot-2")
              .area("cache", (i < 12 ? 10 : 300) * MIB_PAGES));
    }

    assertThat(harness.extractOutputValues()).isEmpty();
  }

  @Test
  void callers_that_hold_no_memory_and_callers_that_went_leave_no_state() throws Exception {
    see(snapshot("web-1").area("small", 100).area("gone", MIB_PAGES));
    int withOne = harness.numKeyedStateEntries();
    for (int i = 0; i < 60; i++) {
      see(snapshot("web-1").area("acpi_os_map_iomem", 0));
    }

    // Boot and the one caller; then the boot alone, once the caller's ring holds nothing but zeros.
    assertThat(withOne).isEqualTo(2);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
  }

  @Test
  void goes_on_from_a_snapshot_as_if_nothing_had_happened() throws Exception {
    for (int i = 0; i < 20; i++) {
      see(snapshot("web-1").area("htab_map_alloc", (400 + 8 * i) * MIB_PAGES));
    }
    OperatorSubtaskState state = harness.snapshot(1, 1);
    List<Finding> before = leaks();
    harness.close();
    harness = harness();
    harness.initializeState(state);
    harness.open();
    for (int i = 20; i < 27; i++) {
      see(snapshot("web-1").area("htab_map_alloc", (400 + 8 * i) * MIB_PAGES));
    }

    assertThat(before).isEmpty();
    assertThat(leaks()).isNotEmpty();
  }

  private void see(SnapshotBuilder snapshot) throws Exception {
    long start = window++ * WINDOW;
    harness.processElement(
        new HostUsageInWindow(start, start + WINDOW, 1, snapshot.at(start).usage()),
        start + WINDOW - 1);
  }

  private List<GrowthReport> reports() {
    var reports = harness.getSideOutput(WatchHost.GROWTH);
    return reports == null ? List.of() : reports.stream().map(StreamRecord::getValue).toList();
  }

  private List<Finding> found(FindingKind kind) {
    return harness.extractOutputValues().stream().filter(f -> f.getKind() == kind).toList();
  }

  private List<Finding> leaks() {
    return reports().stream().map(GrowthReport::leak).filter(Objects::nonNull).toList();
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, Finding>
      harness() throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new WatchHost(SETTINGS)),
        HostUsageInWindow::hostId,
        Types.STRING);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.detection.JumpSettings;
import io.vmallocfleet.pipeline.SnapshotBuilder;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.Verdict;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchJumpsTest {
  private static final long WINDOW = 60_000;
  private static final long MIB_PAGES = 256;

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
  void a_step_is_told_while_it_stays_and_over_when_it_falls_back() throws Exception {
    for (int i = 0; i < 30; i++) {
      boolean raised = i >= 12 && i < 20;
      see(snapshot("web-1").area("nf_ct_alloc_hashtable", (raised ? 216 : 16) * MIB_PAGES));
    }

    List<Finding> found = harness.extractOutputValues();
    assertThat(found)
        .extracting(Finding::getVerdict)
        .startsWith(Verdict.SEEN)
        .endsWith(Verdict.GONE)
        .hasSize(8);
    assertThat(found)
        .extracting(Finding::getFingerprint)
        .containsOnly(found.get(0).getFingerprint());
    assertThat(found.get(7).getGoneBecause()).isEqualTo("it fell back");
    assertThat(found.get(0))
        .satisfies(
            jump -> {
              assertThat(jump.getEvidence().getBaselineBytes()).isEqualTo(16L << 20);
              assertThat(jump.getSince().toEpochMilli()).isEqualTo(12 * WINDOW);
              // Twelve windows of history: nothing rarer than one in twelve can be claimed.
              assertThat(jump.getSeverity()).isEqualTo(Severity.INFO);
              assertThat(jump.getSentence())
                  .isEqualTo(
                      "nf_ct_alloc_hashtable on web-1 rose by 200.0 MiB in one step at"
                          + " 1970-01-01T00:12:00Z, from 16.0 MiB, and stayed there.");
            });
  }

  @Test
  void a_caller_that_turns_up_large_on_a_known_host_is_a_jump() throws Exception {
    for (int i = 0; i < 14; i++) {
      var next = snapshot("web-1").area("steady", 100);
      see(i < 11 ? next : next.area("newcomer", 200 * MIB_PAGES));
    }

    assertThat(harness.extractOutputValues())
        .extracting(Finding::getFunction)
        .containsOnly("newcomer")
        .hasSize(2);
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
  void a_reboot_ends_a_jump_and_starts_every_level_again() throws Exception {
    for (int i = 0; i < 40; i++) {
      see(
          snapshot("web-1")
              .boot(i < 15 ? "boot-1" : "boot-2")
              .area("cache", (i < 12 ? 10 : 300) * MIB_PAGES));
    }

    List<Finding> found = harness.extractOutputValues();
    assertThat(found).hasSize(3);
    assertThat(found.get(2).getVerdict()).isEqualTo(Verdict.GONE);
    assertThat(found.get(2).getGoneBecause()).isEqualTo("the host rebooted");
    assertThat(found.get(2).getFingerprint()).isEqualTo(found.get(0).getFingerprint());
    assertThat(found).extracting(Finding::getBootId).containsOnly("boot-1");
  }

  @Test
  void small_callers_and_callers_that_went_leave_no_state() throws Exception {
    see(snapshot("web-1").area("small", 100).area("large", 8 * MIB_PAGES));
    int withOne = harness.numKeyedStateEntries();
    for (int i = 0; i < 2000; i++) {
      see(snapshot("web-1").area("small", 100));
    }

    // Boot and the large caller; then the boot alone.
    assertThat(withOne).isEqualTo(2);
    assertThat(harness.numKeyedStateEntries()).isEqualTo(1);
  }

  @Test
  void goes_on_from_a_snapshot_as_if_nothing_had_happened() throws Exception {
    for (int i = 0; i < 13; i++) {
      see(snapshot("web-1").area("cache", (i < 12 ? 10 : 300) * MIB_PAGES));
    }
    OperatorSubtaskState state = harness.snapshot(1, 1);
    assertThat(harness.extractOutputValues()).isEmpty();
    harness.close();
    harness = harness();
    harness.initializeState(state);
    harness.open();

    see(snapshot("web-1").area("cache", 300 * MIB_PAGES));

    assertThat(harness.extractOutputValues()).hasSize(1);
  }

  private void see(SnapshotBuilder snapshot) throws Exception {
    long start = window++ * WINDOW;
    harness.processElement(
        new HostUsageInWindow(start, start + WINDOW, 1, snapshot.at(start).usage()),
        start + WINDOW - 1);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, Finding>
      harness() throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new WatchJumps(JumpSettings.DEFAULTS)),
        HostUsageInWindow::hostId,
        Types.STRING);
  }
}

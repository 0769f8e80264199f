/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.SnapshotBuilder;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.snapshot.AddressMode;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchCollectorTest {
  private static final long WINDOW = 60_000;

  private KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, Finding> harness;
  private int window;

  @BeforeEach
  void open() throws Exception {
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new WatchCollector()),
            HostUsageInWindow::hostId,
            Types.STRING);
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void a_healthy_host_is_not_spoken_of() throws Exception {
    see(50, 0, snapshot("a").area("x", 1));

    assertThat(told()).isEmpty();
  }

  @Test
  void an_agent_that_sees_nothing_is_blind_until_it_sees() throws Exception {
    see(4, 0, snapshot("a").blind("no permission to open /proc/vmallocinfo"));
    see(3, 0, snapshot("a").area("x", 1));

    assertThat(told())
        .containsExactly("SEEN HOST_BLIND 3", "SEEN HOST_BLIND 4", "GONE HOST_BLIND 7");
    assertThat(harness.extractOutputValues().get(0).getSentence())
        .isEqualTo("The agent on a sees no areas: no permission to open /proc/vmallocinfo.");
  }

  @Test
  void zeroed_addresses_are_a_trouble_only_where_they_were_shown_before() throws Exception {
    see(10, 0, snapshot("a").mode(AddressMode.ZEROED).area("x", 1));
    assertThat(told()).isEmpty();

    see(1, 0, snapshot("a").area("x", 1));
    see(3, 0, snapshot("a").mode(AddressMode.ZEROED).area("x", 1));
    assertThat(told()).containsExactly("SEEN HOST_BLIND 14");
  }

  @Test
  void lines_not_understood_three_windows_in_a_row_are_a_trouble() throws Exception {
    see(2, 0, snapshot("a").malformed(3).area("x", 1));
    see(1, 0, snapshot("a").area("x", 1));
    assertThat(told()).isEmpty();

    see(3, 0, snapshot("a").malformed(3).area("x", 1));
    assertThat(told()).containsExactly("SEEN PARSE_FAILURES 6");
    assertThat(harness.extractOutputValues().get(0).getSentence())
        .contains("3 lines", "kernel 6.18.1");
  }

  @Test
  void snapshots_lost_are_counted() throws Exception {
    see(1, 500, snapshot("a").area("x", 1));
    // Until less than a twentieth of what is remembered is lost: (29/30)^89.
    see(90, 0, snapshot("a").area("x", 1));

    List<Finding> findings = harness.extractOutputValues();
    assertThat(told()).first().isEqualTo("SEEN SNAPSHOTS_LOST 1");
    assertThat(told().get(told().size() - 1)).startsWith("GONE SNAPSHOTS_LOST");
    assertThat(findings.get(0).getEvidence().getBytes()).isEqualTo(500);
    assertThat(findings)
        .extracting(Finding::getFingerprint)
        .containsOnly(findings.get(0).getFingerprint());
  }

  @Test
  void a_clock_ahead_for_three_windows_is_said_until_it_is_set() throws Exception {
    see(2, 0, ahead(5_500));
    see(1, 0, ahead(0));
    assertThat(told()).isEmpty();

    see(4, 0, ahead(5_500));
    see(3, 0, ahead(0));

    assertThat(told())
        .containsExactly("SEEN CLOCK_SKEW 6", "SEEN CLOCK_SKEW 7", "GONE CLOCK_SKEW 10");
    assertThat(harness.extractOutputValues().get(0).getSentence())
        .startsWith("The clock of a is 5.5 s further ahead than tolerated");
  }

  private static HostUsage ahead(long millis) {
    HostUsage usage = snapshot("a").area("x", 1).usage();
    return new HostUsage(
        usage.origin(),
        usage.host(),
        usage.agentRun(),
        usage.sequence(),
        usage.droppedBefore(),
        usage.takenAtMillis(),
        millis,
        usage.addressMode(),
        usage.blindReason(),
        usage.complete(),
        usage.malformedLines(),
        usage.budget(),
        usage.totals(),
        usage.callers(),
        usage.windows(),
        usage.spool());
  }

  private void see(int windows, long lost, SnapshotBuilder snapshot) throws Exception {
    see(windows, lost, snapshot.usage());
  }

  private void see(int windows, long lost, HostUsage usage) throws Exception {
    for (int i = 0; i < windows; i++) {
      long start = window++ * WINDOW;
      harness.processElement(
          new HostUsageInWindow(start, start + WINDOW, 1, lost, usage), start + WINDOW - 1);
    }
  }

  private List<String> told() {
    return harness.extractOutputValues().stream()
        .map(
            f ->
                f.getVerdict() + " " + f.getKind() + " " + f.getWindowEnd().toEpochMilli() / WINDOW)
        .toList();
  }
}

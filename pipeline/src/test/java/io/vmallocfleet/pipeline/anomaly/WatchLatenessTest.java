/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchLatenessTest {
  private static final long MINUTE = 60_000;
  private static final long DAY = 86_400_000;

  private KeyedOneInputStreamOperatorTestHarness<String, HostUsage, Finding> harness;

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
  void a_clock_two_hours_behind_is_said_from_the_fifth_snapshot_on_also_after_a_restart()
      throws Exception {
    for (int i = 0; i < 4; i++) {
      harness.processElement(late("a", DAY + i * MINUTE, 120), 0);
    }
    assertThat(harness.extractOutputValues()).isEmpty();

    OperatorSubtaskState half = harness.snapshot(1, 1);
    harness.close();
    harness = harness();
    harness.initializeState(half);
    harness.open();
    harness.processElement(late("a", DAY + 4 * MINUTE, 120), 0);

    List<Finding> found = harness.extractOutputValues();
    assertThat(found).extracting(Finding::getKind).containsExactly(FindingKind.CLOCK_SKEW);
    assertThat(found.get(0).getWindowStart()).isEqualTo(Instant.ofEpochMilli(DAY + 4 * MINUTE));
    assertThat(found.get(0).getSentence()).startsWith("Snapshots of a come 7200 s after the time");
  }

  @Test
  void each_host_has_its_own_lag() throws Exception {
    for (int i = 0; i < 10; i++) {
      harness.processElement(late("host-" + i, DAY + i * MINUTE, 120), 0);
    }

    assertThat(harness.extractOutputValues()).isEmpty();
  }

  private static HostUsage late(String host, long arrivedMillis, int behindMinutes) {
    return snapshot(host).at(arrivedMillis - behindMinutes * MINUTE).usage(arrivedMillis);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, HostUsage, Finding> harness()
      throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new WatchLateness(Duration.ofMinutes(1))),
        HostUsage::hostId,
        Types.STRING);
  }
}

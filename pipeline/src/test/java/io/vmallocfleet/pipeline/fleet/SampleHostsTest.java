/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.fleet;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.detection.fleet.FleetSettings;
import io.vmallocfleet.pipeline.SnapshotBuilder;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class SampleHostsTest {
  private static final FleetSettings SETTINGS = FleetSettings.DEFAULTS;
  private static final long INTERVAL = 300_000;
  private static final int SEEN_IN_BUCKET = (int) (SETTINGS.bucketMillis() / INTERVAL);

  @Test
  void a_host_seen_every_five_minutes_gives_a_sample_a_bucket_across_a_restart() throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, HostSample> harness = open();
    harness.open();
    for (int i = 0; i < 4 * SEEN_IN_BUCKET; i++) {
      see(harness, i, snapshot("web-1").area("cache", 100 + i));
    }
    List<HostSample> before = List.copyOf(harness.extractOutputValues());
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    harness = open();
    harness.initializeState(state);
    harness.open();
    for (int i = 4 * SEEN_IN_BUCKET; i < 8 * SEEN_IN_BUCKET; i++) {
      see(harness, i, snapshot("web-1").area("cache", 100 + i));
    }
    List<HostSample> after = harness.extractOutputValues();
    harness.close();

    assertThat(before).extracting(s -> s.bucket().bucket()).containsExactly(0L, 1L, 2L, 3L);
    assertThat(after).extracting(s -> s.bucket().bucket()).containsExactly(4L, 5L, 6L, 7L);
    // One page every five minutes: 288 in a day, to within the moment of the first look.
    assertThat(after.get(3).bucket().growth()[0]).isBetween(287, 289);
    assertThat(after.get(3).hostname()).isEqualTo("web-1");
  }

  @Test
  void blind_windows_are_no_look() throws Exception {
    KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, HostSample> harness = open();
    harness.open();
    for (int i = 0; i < SEEN_IN_BUCKET; i++) {
      SnapshotBuilder host = snapshot("web-1");
      see(harness, i, i % 7 == 0 ? host.blind("no permission") : host.area("cache", 100));
    }

    List<HostSample> samples = harness.extractOutputValues();
    harness.close();

    assertThat(samples)
        .singleElement()
        .satisfies(s -> assertThat(s.bucket().level()).containsExactly(100));
  }

  private static void see(
      KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, HostSample> harness,
      int number,
      SnapshotBuilder snapshot)
      throws Exception {
    long start = number * INTERVAL;
    harness.processElement(
        new HostUsageInWindow(
            start, start + 60_000, 1, snapshot.at(start).sequence(number).usage()),
        start + 59_999);
    harness.processWatermark(start + INTERVAL - 1);
  }

  private static KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, HostSample>
      open() throws Exception {
    return new KeyedOneInputStreamOperatorTestHarness<>(
        new KeyedProcessOperator<>(new SampleHosts(SETTINGS)),
        HostUsageInWindow::hostId,
        Types.STRING);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Verdict;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WatchSilenceTest {
  private static final long MINUTE = 60_000;

  private KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, Finding> harness;

  @BeforeEach
  void open() throws Exception {
    harness =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new WatchSilence()),
            HostUsageInWindow::hostId,
            Types.STRING);
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void a_host_that_falls_silent_among_others_is_named_until_it_is_heard_again() throws Exception {
    for (int minute = 0; minute < 100; minute++) {
      see("b", minute);
      if (minute < 30 || minute >= 90) {
        see("a", minute);
      }
      watermark(minute);
    }

    // Heard until 30, patient for ten minutes, confirmed after 30 more.
    assertThat(told())
        .containsExactly("SEEN a 40", "SEEN a 70", "GONE a 91 the host is heard again");
    assertThat(harness.extractOutputValues().get(0).getSentence())
        .isEqualTo(
            "a has sent nothing since 1970-01-01T00:30:00Z; until then it was heard every 60 s.");
    assertThat(harness.extractOutputValues()).extracting(Finding::getFingerprint).hasSize(3);
  }

  @Test
  void a_host_that_reports_every_quarter_of_an_hour_is_not_silent_in_between() throws Exception {
    for (int minute = 0; minute < 600; minute++) {
      see("b", minute);
      if (minute % 15 == 0 && minute < 300) {
        see("a", minute);
      }
      watermark(minute);
    }

    // Last heard in minute 285, patient for 75 from 286 on.
    assertThat(told()).first().isEqualTo("SEEN a 361");
  }

  @Test
  void a_host_does_not_leave_a_timer_behind_for_every_time_it_is_heard() throws Exception {
    for (int minute = 0; minute < 100; minute++) {
      see("a", minute);
      watermark(minute);
    }

    // The one that counts; another where the patience has become shorter meanwhile.
    assertThat(harness.numEventTimeTimers()).isBetween(1, 2);
  }

  @Test
  void when_nobody_is_heard_for_an_hour_nobody_is_silent() throws Exception {
    for (int minute = 0; minute < 200; minute++) {
      if (minute < 60 || minute >= 120) {
        see("a", minute);
        see("b", minute);
        watermark(minute);
      }
    }

    assertThat(told()).isEmpty();
  }

  @Test
  void who_does_not_come_back_with_the_others_is_named_after_his_patience() throws Exception {
    for (int minute = 0; minute < 200; minute++) {
      if (minute < 60 || minute >= 120) {
        see("b", minute);
        if (minute < 60) {
          see("a", minute);
        }
        watermark(minute);
      }
    }

    // The watermark landed at 121.
    assertThat(told()).first().isEqualTo("SEEN a 131");
  }

  @Test
  void a_host_that_is_gone_for_good_is_said_to_be_and_leaves_no_state() throws Exception {
    see("a", 0);
    for (int minute = 0; minute < 26 * 60; minute++) {
      watermark(minute);
    }

    List<String> told = told();
    assertThat(told.get(told.size() - 1))
        .startsWith("GONE a ")
        .endsWith("not heard for a day: taken for a host that is no more");
    assertThat(harness.numKeyedStateEntries()).isZero();
    assertThat(harness.numEventTimeTimers()).isZero();
  }

  private void see(String host, int minute) throws Exception {
    harness.processElement(
        new HostUsageInWindow(
            minute * MINUTE,
            (minute + 1) * MINUTE,
            1,
            snapshot(host).at(minute * MINUTE).area("a", 1).usage()),
        (minute + 1) * MINUTE - 1);
  }

  private void watermark(int minute) throws Exception {
    harness.processWatermark((minute + 1) * MINUTE);
  }

  private List<String> told() {
    return harness.extractOutputValues().stream()
        .map(
            f ->
                (f.getVerdict()
                        + " "
                        + f.getHostId()
                        + " "
                        + f.getWindowEnd().toEpochMilli() / MINUTE
                        + (f.getVerdict() == Verdict.GONE ? " " + f.getGoneBecause() : ""))
                    .trim())
        .toList();
  }
}

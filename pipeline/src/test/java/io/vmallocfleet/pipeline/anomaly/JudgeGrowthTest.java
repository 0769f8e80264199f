/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.detection.Detection;
import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.detection.LeakLoudness;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Verdict;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Hosts that are watched, and their reports judged together. */
class JudgeGrowthTest {
  private static final long WINDOW = 60_000;
  private static final long MIB_PAGES = 256;
  private static final DetectionSettings SETTINGS =
      DetectionSettings.DEFAULTS.withBucket(Duration.ofMillis(WINDOW));

  private KeyedOneInputStreamOperatorTestHarness<String, HostUsageInWindow, Finding> watch;
  private KeyedOneInputStreamOperatorTestHarness<String, GrowthReport, Finding> judge;

  @BeforeEach
  void open() throws Exception {
    watch =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new WatchHost(SETTINGS)),
            HostUsageInWindow::hostId,
            Types.STRING);
    judge =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new KeyedProcessOperator<>(new JudgeGrowth(SETTINGS)), GrowthReport::key, Types.STRING);
    watch.open();
    judge.open();
  }

  @AfterEach
  void close() throws Exception {
    watch.close();
    judge.close();
  }

  @Test
  void one_host_that_leaks_among_many_that_do_not_is_found() throws Exception {
    for (int window = 0; window < 40; window++) {
      for (int host = 0; host < 12; host++) {
        see(host, "boot", window, host == 3 ? 100 + 10 * window : 100 + host);
      }
      closes(window);
    }

    assertThat(findings()).extracting(Finding::getHostId).containsOnly("host-3");
    assertThat(findings().get(findings().size() - 1).getHostsInCohort()).isEqualTo(12);
    assertThat(findings()).extracting(Finding::getVerdict).containsOnly(Verdict.SEEN);
  }

  @Test
  void what_grows_on_every_host_is_no_hosts_leak() throws Exception {
    for (int window = 0; window < 40; window++) {
      for (int host = 0; host < 12; host++) {
        see(host, "boot", window, 400 + (9 + 0.1 * host) * window);
      }
      closes(window);
    }

    assertThat(findings()).extracting(Finding::getSentence).isEmpty();
  }

  @Test
  void a_host_alone_is_judged_by_itself() throws Exception {
    for (int window = 0; window < 40; window++) {
      see(0, "boot", window, 100 + 10 * window);
      closes(window);
    }

    assertThat(findings()).isNotEmpty();
  }

  @Test
  void what_hosts_do_at_an_age_is_no_leak_though_they_come_to_it_at_different_times()
      throws Exception {
    for (int host = 0; host < 12; host++) {
      judge.processElement(new StreamRecord<>(grown(host, 24, 500)));
      closes(host);
    }

    // The first seven teach what is usual; from the eighth on it is known.
    assertThat(findings())
        .extracting(Finding::getHostId)
        .containsExactly("host-0", "host-1", "host-2", "host-3", "host-4", "host-5", "host-6");
  }

  @Test
  void more_than_twice_what_is_usual_at_an_age_is_a_leak() throws Exception {
    for (int host = 0; host < 12; host++) {
      judge.processElement(new StreamRecord<>(grown(host, 24, host == 11 ? 1100 : 500)));
      closes(host);
    }

    assertThat(findings()).extracting(Finding::getHostId).contains("host-11");
  }

  @Test
  void the_end_of_a_leak_is_said_once() throws Exception {
    for (int window = 0; window < 50; window++) {
      see(0, "boot", window, window < 40 ? 100 + 10 * window : 100);
      closes(window);
    }

    assertThat(findings()).filteredOn(f -> f.getVerdict() == Verdict.GONE).hasSize(1);
    Finding last = findings().get(findings().size() - 1);
    assertThat(last.getVerdict()).isEqualTo(Verdict.GONE);
    assertThat(last.getGoneBecause()).isEqualTo("it has stopped growing or was freed");
    assertThat(last.getFingerprint()).isEqualTo(findings().get(0).getFingerprint());
    assertThat(last.getWindowEnd().toEpochMilli()).isEqualTo(41 * WINDOW);
  }

  @Test
  void a_reboot_ends_a_leak() throws Exception {
    for (int window = 0; window < 42; window++) {
      see(0, window < 40 ? "first" : "second", window, 100 + 10 * window);
      closes(window);
    }

    Finding last = findings().get(findings().size() - 1);
    assertThat(last.getVerdict()).isEqualTo(Verdict.GONE);
    assertThat(last.getGoneBecause()).isEqualTo("the host rebooted");
    assertThat(last.getBootId()).isEqualTo("first");
  }

  /** A report that the host's history takes for a leak, one host a window. */
  private static GrowthReport grown(int host, int age, long mib) {
    HostUsageInWindow usage =
        new HostUsageInWindow(
            host * WINDOW,
            (host + 1) * WINDOW,
            1,
            snapshot("host-" + host).at(host * WINDOW).area("a", 1).usage());
    var leak = new Detection.Leak(0, 0, mib << 20, 1, 9, WINDOW, List.of());
    LeakLoudness loudness = LeakLoudness.ofSlow(leak, -1, 0);
    return new GrowthReport(
        usage.hostId(),
        "a",
        usage.usage().cohort(),
        usage.windowStartMillis(),
        usage.windowEndMillis(),
        true,
        age,
        24,
        mib << 20,
        mib << 20,
        9,
        true,
        false,
        LeakFinding.of(usage, new CallerName("a", ""), mib << 20, leak, loudness),
        "");
  }

  private void see(int host, String boot, int window, double mib) throws Exception {
    long start = window * WINDOW;
    watch.processElement(
        new HostUsageInWindow(
            start,
            start + WINDOW,
            1,
            snapshot("host-" + host)
                .boot(boot)
                .at(start)
                .area("htab_map_alloc", (long) (mib * MIB_PAGES))
                .usage()),
        start + WINDOW - 1);
  }

  private void closes(int window) throws Exception {
    var reports = watch.getSideOutput(WatchHost.GROWTH);
    while (reports != null && !reports.isEmpty()) {
      judge.processElement(reports.poll());
    }
    judge.processWatermark((window + 1) * WINDOW - 1);
  }

  private List<Finding> findings() {
    return judge.extractOutputValues();
  }
}

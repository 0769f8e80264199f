/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.detection.CallerHistory;
import io.vmallocfleet.detection.Churn;
import io.vmallocfleet.detection.CohortCurve;
import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.detection.Headroom;
import io.vmallocfleet.detection.HeadroomSettings;
import io.vmallocfleet.detection.Heartbeat;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** What a host and a caller cost in a checkpoint, keys not counted. */
class StateSizeTest {
  private static final DetectionSettings SETTINGS =
      DetectionSettings.DEFAULTS.withBucket(Duration.ofMinutes(1));

  @Test
  void is_bounded_per_host_and_per_caller() throws IOException {
    CallerHistory full = CallerHistory.unknown();
    for (int window = 0; window < 200; window++) {
      full = full.observe(window * 60_000L, (1000L + 10 * window) << 20, SETTINGS).next();
    }
    Headroom headroom = Headroom.unknown();
    for (int window = 0; window < 200; window++) {
      headroom =
          headroom.observe(
              window * 600_000L, (900L + window) << 20, 1 << 30, HeadroomSettings.DEFAULTS);
    }
    HostCard card = HostCard.of(snapshot("web-1").area("a", 1).usage());
    assertThat(full.leaking()).isTrue();
    assertThat(bytes(CallerHistory.class, full)).isLessThan(DetectionSettings.STATE_BYTES);

    List<String> table =
        List.of(
            row("a caller below 1 MiB", 0),
            row("a caller when new", bytes(CallerHistory.class, CallerHistory.unknown())),
            row("a caller that leaks, all rings full", bytes(CallerHistory.class, full)),
            row("a caller whose areas come and go", bytes(Churn.class, Churn.unknown())),
            row("a host: when it was heard", bytes(Silence.class, silence(card))),
            row("a host: how it can be watched", bytes(Reliability.class, Reliability.unknown())),
            row("a host: one limit", bytes(Headroom.class, headroom)),
            row("a caller in a cohort", bytes(CohortCurve.class, CohortCurve.ofAges(49))));

    assertThat(String.join("\n", table))
        .isEqualTo(
            """
            a caller below 1 MiB                       0
            a caller when new                         99
            a caller that leaks, all rings full      278
            a caller whose areas come and go          21
            a host: when it was heard                102
            a host: how it can be watched             57
            a host: one limit                         81
            a caller in a cohort                    1677""");
  }

  private static Silence silence(HostCard card) {
    return new Silence(card, Heartbeat.first(0, 60_000), false, 0);
  }

  private static String row(String what, int bytes) {
    return "%-38s %5d".formatted(what, bytes);
  }

  private static <T> int bytes(Class<T> type, T value) throws IOException {
    var out = new DataOutputSerializer(64);
    TypeInformation.of(type).createSerializer(new SerializerConfigImpl()).serialize(value, out);
    return out.length();
  }
}

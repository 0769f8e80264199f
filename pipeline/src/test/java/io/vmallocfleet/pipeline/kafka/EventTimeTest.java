/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.SnapshotBuilder;
import io.vmallocfleet.pipeline.usage.Delivery;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;

class EventTimeTest {
  private static final long TOLERANCE = 30_000;
  private static final long WAIT = 10_000;
  private static final long ARRIVED = 1_000_000;

  private final SimpleCounter clampedClocks = new SimpleCounter();
  private final EventTime.Clamped timestamps = new EventTime.Clamped(TOLERANCE, clampedClocks);
  private final EventTime.HeldToArrival watermarks = new EventTime.HeldToArrival(WAIT);
  private final Emitted emitted = new Emitted();

  @Test
  void a_clock_within_the_tolerance_keeps_its_time_but_moves_no_watermark_past_the_arrival() {
    long eventTime = arrive(ARRIVED + 29_000);

    assertThat(eventTime).isEqualTo(ARRIVED + 29_000);
    assertThat(emitted.watermarks).containsExactly(ARRIVED - WAIT - 1);
    assertThat(clampedClocks.getCount()).isZero();
  }

  @Test
  void a_clock_beyond_the_tolerance_is_clamped_and_counted() {
    long eventTime = arrive(ARRIVED + 3_600_000);

    assertThat(eventTime).isEqualTo(ARRIVED + TOLERANCE);
    assertThat(emitted.watermarks).containsExactly(ARRIVED - WAIT - 1);
    assertThat(clampedClocks.getCount()).isEqualTo(1);
  }

  @Test
  void a_clock_behind_keeps_its_time_and_moves_nothing_back() {
    arrive(ARRIVED);

    long eventTime = arrive(ARRIVED - 3_600_000);
    watermarks.onPeriodicEmit(emitted);

    assertThat(eventTime).isEqualTo(ARRIVED - 3_600_000);
    assertThat(emitted.watermarks).containsExactly(ARRIVED - WAIT - 1);
  }

  private long arrive(long takenAtMillis) {
    Delivery delivery =
        Delivery.of(SnapshotBuilder.snapshot("host-1").at(takenAtMillis).usage(), ARRIVED);
    long eventTime = timestamps.extractTimestamp(delivery, Long.MIN_VALUE);
    watermarks.onEvent(delivery, eventTime, emitted);
    return eventTime;
  }

  private static final class Emitted implements WatermarkOutput {
    private final List<Long> watermarks = new ArrayList<>();

    @Override
    public void emitWatermark(Watermark watermark) {
      watermarks.add(watermark.getTimestamp());
    }

    @Override
    public void markIdle() {}

    @Override
    public void markActive() {}
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.SnapshotBuilder;
import io.vmallocfleet.pipeline.usage.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.util.clock.RelativeClock;
import org.junit.jupiter.api.Test;

class EventTimeTest {
  private static final long TOLERANCE = 30_000;
  private static final long WAIT = 10_000;
  private static final long ARRIVED = 1_000_000;
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final SimpleCounter clampedClocks = new SimpleCounter();
  private final EventTime.Clamped timestamps = new EventTime.Clamped(TOLERANCE, clampedClocks);
  private final Wall wall = new Wall();
  private final EventTime.HeldToArrival watermarks =
      new EventTime.HeldToArrival(WAIT, SILENCE, wall);
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

  @Test
  void after_a_silence_the_first_of_many_waiting_hosts_closes_no_window_of_the_others() {
    arrive(ARRIVED - 60_000);
    wall.pass(SILENCE);

    arrive(ARRIVED);
    wall.pass(Duration.ofSeconds(9));
    arrive(ARRIVED - 55_000);
    watermarks.onPeriodicEmit(emitted);
    assertThat(emitted.watermarks).containsExactly(ARRIVED - 60_000 - WAIT - 1);

    wall.pass(Duration.ofSeconds(1));
    watermarks.onPeriodicEmit(emitted);
    assertThat(emitted.watermarks).containsExactly(ARRIVED - 60_000 - WAIT - 1, ARRIVED - WAIT - 1);
  }

  @Test
  void a_pause_that_is_no_silence_holds_nothing() {
    arrive(ARRIVED - 60_000);
    wall.pass(SILENCE.minusMillis(1));

    arrive(ARRIVED);

    assertThat(emitted.watermarks).endsWith(ARRIVED - WAIT - 1);
  }

  @Test
  void waits_no_longer_than_until_the_partition_would_be_idle_again() {
    var impatient = new EventTime.HeldToArrival(WAIT, Duration.ofSeconds(4), wall);
    impatient.onEvent(delivery("host-1", ARRIVED - 60_000, ARRIVED), ARRIVED - 60_000, emitted);
    wall.pass(Duration.ofSeconds(4));
    impatient.onEvent(delivery("host-1", ARRIVED, ARRIVED), ARRIVED, emitted);

    wall.pass(Duration.ofSeconds(2));
    impatient.onPeriodicEmit(emitted);

    assertThat(emitted.watermarks).endsWith(ARRIVED - WAIT - 1);
  }

  @Test
  void a_host_with_nothing_waiting_closes_no_window_of_those_that_work_off_what_waited() {
    long waited = ARRIVED - 20_000;
    for (int host = 0; host < 20; host++) {
      // By the fleet's own clock it is then; by the broker's it is later.
      hear("waited-" + host, waited, waited);
    }

    hear("quick", ARRIVED, ARRIVED);
    hear("waited-20", waited, ARRIVED);
    watermarks.onPeriodicEmit(emitted);

    assertThat(emitted.watermarks).containsExactly(waited - WAIT - 1);
  }

  @Test
  void when_all_are_held_up_it_moves_no_further_than_the_latest_that_was_heard() {
    long before = ARRIVED - 10_000;
    watermarks.onEvent(
        Delivery.of(SnapshotBuilder.snapshot("host-1").at(before).usage(before), before),
        before,
        emitted);

    hear("host-2", ARRIVED - 3_000, ARRIVED);

    assertThat(emitted.watermarks).endsWith(ARRIVED - 3_000 - WAIT - 1);
  }

  @Test
  void in_a_stream_written_long_ago_a_clock_ahead_moves_nothing_past_the_fleets_own_clock() {
    long then = ARRIVED - 3_600_000;
    hear("host-1", then, then);

    hear("ahead", then + 600_000, then + 1_000);
    watermarks.onPeriodicEmit(emitted);

    assertThat(emitted.watermarks).endsWith(then + 1_000 - WAIT - 1);
  }

  private long arrive(long takenAtMillis) {
    return hear("host-1", takenAtMillis, ARRIVED);
  }

  private long hear(String host, long takenAtMillis, long arrivedAtMillis) {
    Delivery delivery = delivery(host, takenAtMillis, arrivedAtMillis);
    long eventTime = timestamps.extractTimestamp(delivery, Long.MIN_VALUE);
    watermarks.onEvent(delivery, eventTime, emitted);
    return eventTime;
  }

  /** The broker has it now. */
  private static Delivery delivery(String host, long takenAtMillis, long arrivedAtMillis) {
    return Delivery.of(
        SnapshotBuilder.snapshot(host).at(takenAtMillis).usage(ARRIVED), arrivedAtMillis);
  }

  private static final class Wall implements RelativeClock {
    private long nanos;

    void pass(Duration time) {
      nanos += time.toNanos();
    }

    @Override
    public long relativeTimeMillis() {
      return nanos / 1_000_000;
    }

    @Override
    public long relativeTimeNanos() {
      return nanos;
    }
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

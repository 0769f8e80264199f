/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.pipeline.usage.HostUsage;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.Counter;

/**
 * Event time is when the host took the snapshot, but never more than a tolerance ahead of its
 * arrival. The watermark follows arrivals: a host whose clock is ahead, within the tolerance or
 * beyond, moves it no further than the time at which its snapshot came, so it makes no other host
 * late. Watermarks are per partition; a partition without snapshots for a while does not hold the
 * others back. Counts {@code clampedClocks}.
 */
public final class EventTime {
  private EventTime() {}

  public static WatermarkStrategy<Delivery> of(PipelineConfig config) {
    long waitMillis = config.maxOutOfOrderness().toMillis();
    return WatermarkStrategy.<Delivery>forGenerator(context -> new HeldToArrival(waitMillis))
        .withTimestampAssigner(new ClampedSupplier(config.clockTolerance()))
        .withIdleness(config.idleness());
  }

  private record ClampedSupplier(Duration tolerance)
      implements TimestampAssignerSupplier<Delivery> {
    @Override
    public TimestampAssigner<Delivery> createTimestampAssigner(Context context) {
      return new Clamped(tolerance.toMillis(), context.getMetricGroup().counter("clampedClocks"));
    }
  }

  record Clamped(long toleranceMillis, Counter clampedClocks)
      implements TimestampAssigner<Delivery> {
    @Override
    public long extractTimestamp(Delivery delivery, long recordMillis) {
      HostUsage usage = delivery.usage();
      if (usage == null) {
        return delivery.arrivedAtMillis();
      }
      long latest = delivery.arrivedAtMillis() + toleranceMillis;
      if (usage.takenAtMillis() > latest) {
        clampedClocks.inc();
        return latest;
      }
      return usage.takenAtMillis();
    }
  }

  /**
   * The latest event time that is not ahead of its arrival, less the wait. Emitted as soon as it
   * has moved by a second, so that a backlog read at full speed closes its windows one by one.
   */
  static final class HeldToArrival implements WatermarkGenerator<Delivery> {
    private static final long STEP_MILLIS = 1000;

    private final long waitMillis;
    private long latest = Long.MIN_VALUE;
    private long emitted = Long.MIN_VALUE;

    HeldToArrival(long waitMillis) {
      this.waitMillis = waitMillis;
    }

    @Override
    public void onEvent(Delivery delivery, long eventMillis, WatermarkOutput output) {
      if (delivery.usage() == null) {
        // The broker may have taken it years after the snapshots beside it.
        return;
      }
      latest = Math.max(latest, Math.min(eventMillis, delivery.arrivedAtMillis()));
      if (emitted == Long.MIN_VALUE || latest - emitted >= STEP_MILLIS) {
        emit(output);
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      if (latest != emitted) {
        emit(output);
      }
    }

    private void emit(WatermarkOutput output) {
      emitted = latest;
      output.emitWatermark(new Watermark(latest - waitMillis - 1));
    }
  }
}

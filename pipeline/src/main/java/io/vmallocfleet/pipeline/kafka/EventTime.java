/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.pipeline.usage.HostUsage;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.Counter;

/**
 * Event time is when the host took the snapshot, but never more than a tolerance ahead of the
 * broker's append time: one host whose clock is ahead would otherwise drag the watermark and make
 * every other host late. Watermarks are per partition; a partition without snapshots for a while
 * does not hold the others back. Counts {@code clampedClocks}.
 */
public final class EventTime {
  private EventTime() {}

  public static WatermarkStrategy<Delivery> of(PipelineConfig config) {
    return WatermarkStrategy.<Delivery>forBoundedOutOfOrderness(config.maxOutOfOrderness())
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
    public long extractTimestamp(Delivery delivery, long appendedAtMillis) {
      HostUsage usage = delivery.usage();
      if (usage == null) {
        return appendedAtMillis;
      }
      long latest = appendedAtMillis + toleranceMillis;
      if (usage.takenAtMillis() > latest) {
        clampedClocks.inc();
        return latest;
      }
      return usage.takenAtMillis();
    }
  }
}

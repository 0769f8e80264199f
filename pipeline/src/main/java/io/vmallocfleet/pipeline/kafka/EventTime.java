/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.pipeline.usage.FleetLag;
import io.vmallocfleet.pipeline.usage.HostUsage;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.TimestampAssigner;
import org.apache.flink.api.common.eventtime.TimestampAssignerSupplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Event time is when the host took the snapshot, but never more than a tolerance ahead of its
 * arrival. The watermark follows arrivals, less what most hosts' snapshots need to arrive: a host
 * whose clock is ahead, within the tolerance or beyond, moves it no further than the time at which
 * its snapshot came, and one with nothing waiting no further than where those have got that work
 * off what a broker that was away could not take. So neither makes other hosts late. Watermarks are
 * per partition; a partition without snapshots for a while does not hold the others back, and when
 * it is heard again it waits for them, for they come back within seconds. Counts {@code
 * clampedClocks}.
 */
public final class EventTime {
  /**
   * Kafka's clients try again every second, and give up an attempt that nobody answers after ten
   * ({@code reconnect.backoff.max.ms}, {@code socket.connection.setup.timeout.ms}).
   */
  private static final Duration RECONNECTED_WITHIN = Duration.ofSeconds(10);

  private EventTime() {}

  public static WatermarkStrategy<Delivery> of(PipelineConfig config) {
    long waitMillis = config.maxOutOfOrderness().toMillis();
    Duration silence = config.idleness();
    return WatermarkStrategy.<Delivery>forGenerator(
            context -> new HeldToArrival(waitMillis, silence, context.getInputActivityClock()))
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
   * The latest event time that is not ahead of its arrival, or the broker's clock less the fleet's
   * lag, whichever is earlier; less the wait. Emitted as soon as it has moved by a second, so that
   * a backlog read at full speed closes its windows one by one. After a silence it stands still for
   * ten seconds, or half of what counts as a silence where that is shorter: by then the partition
   * would be idle again.
   */
  static final class HeldToArrival implements WatermarkGenerator<Delivery> {
    private static final long STEP_MILLIS = 1000;

    private final long waitMillis;
    private final long silenceNanos;
    private final long standNanos;
    private final RelativeClock clock;
    private FleetLag lag = new FleetLag();
    private long latestAppended = Long.MIN_VALUE;
    private long latestHeard = Long.MIN_VALUE;
    private long latest = Long.MIN_VALUE;
    private long emitted = Long.MIN_VALUE;
    private boolean heard;
    private long heardAtNanos;
    private boolean standsStill;
    private long standsUntilNanos;

    /**
     * @param clock stands still while the job, not the partition, is what holds records up
     */
    HeldToArrival(long waitMillis, Duration silence, RelativeClock clock) {
      this.waitMillis = waitMillis;
      silenceNanos = silence.toNanos();
      standNanos = Math.min(RECONNECTED_WITHIN.toNanos(), silenceNanos / 2);
      this.clock = clock;
    }

    @Override
    public void onEvent(Delivery delivery, long eventMillis, WatermarkOutput output) {
      long now = clock.relativeTimeNanos();
      if (heard && now - heardAtNanos >= silenceNanos) {
        standsStill = true;
        standsUntilNanos = now + standNanos;
        lag = new FleetLag();
      }
      heard = true;
      heardAtNanos = now;
      if (delivery.usage() == null) {
        // The broker may have taken it years after the snapshots beside it.
        return;
      }
      long appended = delivery.usage().origin().appendedAtMillis();
      long lagMillis = lag.hear(delivery.usage().hostId(), appended - eventMillis);
      latestAppended = Math.max(latestAppended, appended);
      latestHeard = Math.max(latestHeard, Math.min(eventMillis, delivery.arrivedAtMillis()));
      latest = Math.max(latest, Math.min(latestHeard, latestAppended - lagMillis));
      if (emitted == Long.MIN_VALUE || latest - emitted >= STEP_MILLIS) {
        emit(now, output);
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
      if (latest != emitted) {
        emit(clock.relativeTimeNanos(), output);
      }
    }

    private void emit(long now, WatermarkOutput output) {
      standsStill = standsStill && now - standsUntilNanos < 0;
      if (!standsStill) {
        emitted = latest;
        output.emitWatermark(new Watermark(latest - waitMillis - 1));
      }
    }
  }
}

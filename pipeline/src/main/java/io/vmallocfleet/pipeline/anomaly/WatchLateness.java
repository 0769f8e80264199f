/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Lag;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.pipeline.usage.StateTtl;
import io.vmallocfleet.schemas.Finding;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Looks at snapshots that came too late for their windows, and says which host's clock is behind:
 * in no window it would be heard of at all.
 *
 * <p>Keyed by host id. State: the {@link Lag} of hosts whose snapshots were late within the last
 * day ({@code lag}, 28 bytes). A restart of the job does not lose it. The end is not said; the
 * alert is over when it is no longer seen.
 */
public final class WatchLateness extends KeyedProcessFunction<String, HostUsage, Finding> {
  private static final Duration REMEMBERED = Duration.ofDays(1);

  private final long windowMillis;
  private transient ValueState<Lag> lag;

  public WatchLateness(Duration window) {
    windowMillis = window.toMillis();
  }

  @Override
  public void open(OpenContext context) {
    var state = new ValueStateDescriptor<>("lag", Lag.class);
    state.enableTimeToLive(StateTtl.after(REMEMBERED));
    lag = getRuntimeContext().getState(state);
  }

  @Override
  public void processElement(HostUsage late, Context context, Collector<Finding> out)
      throws Exception {
    long arrived = late.origin().appendedAtMillis();
    Lag before = lag.value();
    Lag now =
        before == null
            ? Lag.first(late.takenAtMillis(), arrived)
            : before.next(late.takenAtMillis(), arrived, windowMillis);
    lag.update(now);
    if (now.isSteady(windowMillis)) {
      long start = Math.floorDiv(arrived, windowMillis) * windowMillis;
      out.collect(
          CollectorFinding.behind(
              new HostUsageInWindow(start, start + windowMillis, 1, late), now));
    }
  }
}

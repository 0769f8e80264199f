/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.fleet;

import io.vmallocfleet.detection.fleet.FleetSettings;
import io.vmallocfleet.detection.fleet.HostPanel;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.pipeline.usage.StateTtl;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Looks at each host a few times a bucket and, when the bucket ends, says how it differs from
 * itself a day ago and before its last reboot.
 *
 * <p>Keyed by host id. State: the host's {@link HostPanel} ({@code panel}: 32 bytes a caller and
 * its name, as much again in the week after a reboot) and its names ({@code host}); both go when
 * the host has been silent for 30 days. One event-time timer a bucket. A restart loses nothing.
 *
 * <p>Nine windows of a minute in ten are passed over for one number of state. A window in which the
 * agent was blind, or left areas out, is no look.
 */
public final class SampleHosts extends KeyedProcessFunction<String, HostUsageInWindow, HostSample> {
  private static final Duration SILENCE = Duration.ofDays(30);

  /** What the panel has no use for. */
  public record Names(String hostname, String role) {}

  private final FleetSettings settings;
  private transient ValueState<HostPanel> panel;
  private transient ValueState<Names> host;
  private transient ValueState<Long> due;

  public SampleHosts(FleetSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    StateTtlConfig ttl = StateTtl.after(SILENCE);
    var panelState = new ValueStateDescriptor<>("panel", HostPanel.class);
    panelState.enableTimeToLive(ttl);
    panel = getRuntimeContext().getState(panelState);
    var hostState = new ValueStateDescriptor<>("host", Names.class);
    hostState.enableTimeToLive(ttl);
    host = getRuntimeContext().getState(hostState);
    var dueState = new ValueStateDescriptor<>("due", Types.LONG);
    dueState.enableTimeToLive(ttl);
    due = getRuntimeContext().getState(dueState);
  }

  @Override
  public void processElement(HostUsageInWindow seen, Context context, Collector<HostSample> out)
      throws Exception {
    HostUsage usage = seen.usage();
    Long from = due.value();
    if (!usage.complete() || from != null && seen.windowStartMillis() < from) {
      return;
    }
    due.update(settings.nextLookMillis(seen.hostId(), seen.windowStartMillis()));
    long bucket = settings.bucketOf(seen.windowStartMillis());
    String boot = usage.host().bootId();
    String cohort = usage.cohort().text();
    HostPanel known = panel.value();
    if (known == null) {
      known = HostPanel.of(boot, cohort, bucket);
    }
    HostPanel next =
        known.look(
            bucket,
            settings.look(seen.windowStartMillis()),
            boot,
            cohort,
            usage.callers().callers(),
            usage.callers().bytes(),
            settings);
    panel.update(next);
    if (next.looks() == 1) {
      String role = usage.host().labels().getOrDefault(HostSample.ROLE, "");
      host.update(new Names(usage.host().hostname(), role));
      context.timerService().registerEventTimeTimer(settings.endOf(bucket) - 1);
    }
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<HostSample> out)
      throws Exception {
    HostPanel known = panel.value();
    if (known == null) {
      return;
    }
    HostPanel.Closed closed = known.close(settings.bucketOf(timestamp), settings);
    if (closed.next() != null) {
      panel.update(closed.next());
    }
    if (closed.sample() != null) {
      Names names = host.value();
      out.collect(
          new HostSample(context.getCurrentKey(), names.hostname(), names.role(), closed.sample()));
    }
  }
}

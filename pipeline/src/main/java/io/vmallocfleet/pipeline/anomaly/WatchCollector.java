/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Persistence;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.pipeline.usage.StateTtl;
import io.vmallocfleet.schemas.Finding;
import java.time.Duration;
import java.util.function.Supplier;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Says when what a host sends cannot be relied on: the agent sees nothing, or less than it did; its
 * clock is ahead; lines are not understood; snapshots are lost.
 *
 * <p>Keyed by host id. State: the host's {@link Reliability} ({@code reliability}, some 50 bytes),
 * which goes when a host has been silent for 30 days. A restart of the job does not lose it.
 */
public final class WatchCollector extends KeyedProcessFunction<String, HostUsageInWindow, Finding> {
  private static final Duration SILENCE = Duration.ofDays(30);

  private transient ValueState<Reliability> reliability;

  @Override
  public void open(OpenContext context) {
    var state = new ValueStateDescriptor<>("reliability", Reliability.class);
    state.enableTimeToLive(StateTtl.after(SILENCE));
    reliability = getRuntimeContext().getState(state);
  }

  @Override
  public void processElement(HostUsageInWindow host, Context context, Collector<Finding> out)
      throws Exception {
    Reliability known = reliability.value();
    Reliability before = known == null ? Reliability.unknown() : known;
    Reliability now = before.after(host);
    reliability.update(now);

    say(
        before.blind(),
        now.blind(),
        () -> CollectorFinding.blind(host),
        "the agent sees the areas again",
        host,
        out);
    say(
        before.dim(),
        now.dim(),
        () -> CollectorFinding.dim(host),
        "addresses are shown again",
        host,
        out);
    say(
        before.skewed(),
        now.skewed(),
        () -> CollectorFinding.skewed(host),
        "the clock is within the tolerance again",
        host,
        out);
    say(
        before.unparsed(),
        now.unparsed(),
        () -> CollectorFinding.unparsed(host),
        "every line is understood again",
        host,
        out);
    if (now.loss().high()) {
      out.collect(CollectorFinding.lost(host, now.loss()));
    } else if (before.loss().high()) {
      out.collect(over(CollectorFinding.lost(host, before.loss()), host, "snapshots arrive again"));
    }
  }

  private static void say(
      Persistence before,
      Persistence now,
      Supplier<Finding> finding,
      String whyOver,
      HostUsageInWindow host,
      Collector<Finding> out) {
    if (now.isShown()) {
      out.collect(finding.get());
    } else if (before.there() && !now.there()) {
      out.collect(over(finding.get(), host, whyOver));
    }
  }

  private static Finding over(Finding finding, HostUsageInWindow host, String why) {
    return HostFinding.over(finding, host.windowStartMillis(), host.windowEndMillis(), why);
  }
}

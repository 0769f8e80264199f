/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import java.time.Duration;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * Puts the window's bounds, and how many snapshots were lost since the window before, to a host's
 * last snapshot in it.
 *
 * <p>State over windows, keyed by host id: the last snapshot heard ({@code heard}), kept for 30
 * days after it. Without it, as after its time, losses of the first window are not known.
 */
public final class StampWindow
    extends ProcessWindowFunction<LatestInWindow.Seen, HostUsageInWindow, String, TimeWindow> {

  private final ValueStateDescriptor<HeardUpTo> heardState =
      new ValueStateDescriptor<>("heard", HeardUpTo.class);

  public StampWindow() {
    heardState.enableTimeToLive(StateTtl.after(Duration.ofDays(30)));
  }

  @Override
  public void process(
      String hostId,
      Context context,
      Iterable<LatestInWindow.Seen> one,
      Collector<HostUsageInWindow> out)
      throws Exception {
    LatestInWindow.Seen seen = one.iterator().next();
    ValueState<HeardUpTo> heard = context.globalState().getState(heardState);
    HeardUpTo before = heard.value();
    heard.update(HeardUpTo.after(before, seen.latest().agentRun(), seen.numbers()));
    out.collect(
        new HostUsageInWindow(
            context.window().getStart(),
            context.window().getEnd(),
            seen.numbers().size(),
            HeardUpTo.lost(before, seen.numbers()),
            seen.latest()));
  }
}

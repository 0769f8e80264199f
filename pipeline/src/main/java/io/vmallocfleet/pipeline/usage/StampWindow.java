/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/** Puts the window's bounds to a host's last snapshot in it. No state of its own. */
public final class StampWindow
    extends ProcessWindowFunction<LatestInWindow.Seen, HostUsageInWindow, String, TimeWindow> {
  @Override
  public void process(
      String hostId,
      Context context,
      Iterable<LatestInWindow.Seen> one,
      Collector<HostUsageInWindow> out) {
    LatestInWindow.Seen seen = one.iterator().next();
    out.collect(
        new HostUsageInWindow(
            context.window().getStart(),
            context.window().getEnd(),
            seen.deliveries().size(),
            seen.latest()));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.callers;

import io.vmallocfleet.schemas.CallerWindow;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * Second phase: merges the tasks' sums of one caller and cohort when its window closes. Owns
 * nothing; the window keeps the few partials, one a task and flush, until then.
 */
public final class MergeCallers
    extends ProcessWindowFunction<CallerPartial, CallerWindow, String, TimeWindow> {
  @Override
  public void process(
      String key, Context context, Iterable<CallerPartial> partials, Collector<CallerWindow> out) {
    var sum = new CallerSum();
    CallerPartial last = null;
    for (CallerPartial partial : partials) {
      sum.add(partial);
      last = partial;
    }
    out.collect(
        sum.toWindow(
            last.caller(), last.cohort(), context.window().getStart(), context.window().getEnd()));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.fleet;

import io.vmallocfleet.detection.fleet.Population;
import io.vmallocfleet.detection.fleet.PopulationPartial;
import io.vmallocfleet.detection.fleet.PopulationSum;
import org.apache.flink.streaming.api.functions.windowing.ProcessWindowFunction;
import org.apache.flink.streaming.api.windowing.windows.TimeWindow;
import org.apache.flink.util.Collector;

/**
 * Second phase: merges the tasks' sums of one caller and cohort when its bucket ends. Owns nothing;
 * the window keeps the few partials until then.
 */
public final class MergePopulations
    extends ProcessWindowFunction<PopulationPartial, Population, String, TimeWindow> {
  @Override
  public void process(
      String key,
      Context context,
      Iterable<PopulationPartial> partials,
      Collector<Population> out) {
    var sum = new PopulationSum();
    PopulationPartial last = null;
    for (PopulationPartial partial : partials) {
      sum.add(partial);
      last = partial;
    }
    out.collect(sum.toPopulation(last.caller(), last.cohort(), last.bucket()));
  }
}

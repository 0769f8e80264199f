/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.callers;

import io.vmallocfleet.pipeline.usage.CallerTable;
import io.vmallocfleet.pipeline.usage.Cohort;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * First phase: sums each caller over the hosts of this task, in memory, and sends the sums on when
 * the watermark that closed the hosts' windows passes, or just before a checkpoint's barrier. So it
 * keeps nothing across a barrier and owns no state, and a restart loses nothing: the way Flink SQL
 * aggregates locally.
 *
 * <p>Memory: one sum per caller, cohort and window that closes with one watermark.
 */
public final class CombineCallers extends AbstractStreamOperator<CallerPartial>
    implements OneInputStreamOperator<HostUsageInWindow, CallerPartial> {

  private record CohortWindow(Cohort cohort, long start, long end) {}

  private transient Map<CohortWindow, Map<String, CallerSum>> sums;

  @Override
  public void open() throws Exception {
    super.open();
    sums = new LinkedHashMap<>();
  }

  @Override
  public void processElement(StreamRecord<HostUsageInWindow> element) {
    HostUsageInWindow host = element.getValue();
    HostUsage usage = host.usage();
    var window = new CohortWindow(usage.cohort(), host.windowStartMillis(), host.windowEndMillis());
    Map<String, CallerSum> byCaller = sums.computeIfAbsent(window, w -> new LinkedHashMap<>());
    CallerTable callers = usage.callers();
    for (int i = 0; i < callers.size(); i++) {
      byCaller
          .computeIfAbsent(callers.callers()[i], caller -> new CallerSum())
          .add(
              usage.hostId(),
              usage.host().hostname(),
              callers.bytes()[i],
              callers.areas()[i],
              callers.mappedBytes()[i]);
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    flush();
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    flush();
  }

  @Override
  public void finish() throws Exception {
    flush();
    super.finish();
  }

  private void flush() {
    sums.forEach(
        (window, byCaller) ->
            byCaller.forEach(
                (caller, sum) ->
                    output.collect(
                        new StreamRecord<>(
                            sum.toPartial(caller, window.cohort(), window.start(), window.end()),
                            window.end() - 1))));
    sums.clear();
  }
}

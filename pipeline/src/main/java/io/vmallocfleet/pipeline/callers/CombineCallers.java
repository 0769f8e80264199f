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

  private record Key(String caller, Cohort cohort, long windowStart, long windowEnd) {}

  private transient Map<Key, CallerSum> sums;

  @Override
  public void open() throws Exception {
    super.open();
    sums = new LinkedHashMap<>();
  }

  @Override
  public void processElement(StreamRecord<HostUsageInWindow> element) {
    HostUsageInWindow host = element.getValue();
    HostUsage usage = host.usage();
    Cohort cohort = usage.cohort();
    CallerTable callers = usage.callers();
    for (int i = 0; i < callers.size(); i++) {
      var key =
          new Key(callers.callers()[i], cohort, host.windowStartMillis(), host.windowEndMillis());
      var share =
          new HostShare(
              usage.hostId(), usage.host().hostname(), callers.bytes()[i], callers.areas()[i]);
      sums.computeIfAbsent(key, k -> new CallerSum()).add(share, callers.mappedBytes()[i]);
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
        (key, sum) ->
            output.collect(
                new StreamRecord<>(
                    sum.toPartial(key.caller(), key.cohort(), key.windowStart(), key.windowEnd()),
                    key.windowEnd() - 1)));
    sums.clear();
  }
}

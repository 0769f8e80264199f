/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.fleet;

import io.vmallocfleet.detection.fleet.FleetSettings;
import io.vmallocfleet.detection.fleet.HostBucket;
import io.vmallocfleet.detection.fleet.PopulationPartial;
import io.vmallocfleet.detection.fleet.PopulationSum;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * First phase: sums each caller over the hosts of this task, in memory, and sends the sums on with
 * the watermark that ended the bucket, or just before a checkpoint's barrier. Keeps nothing across
 * a barrier and owns no state, so a restart loses nothing. A caller all hosts show makes no task
 * hot.
 *
 * <p>Memory: one sum per caller and cohort, once a bucket.
 */
public final class CombinePopulations extends AbstractStreamOperator<PopulationPartial>
    implements OneInputStreamOperator<HostSample, PopulationPartial> {

  /** In place of a caller: the hosts themselves. */
  private static final String HOSTS = "";

  private record Key(String caller, String cohort, long bucket) {}

  private final FleetSettings settings;
  private transient Map<Key, PopulationSum> sums;

  public CombinePopulations(FleetSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open() throws Exception {
    super.open();
    sums = new LinkedHashMap<>();
  }

  @Override
  public void processElement(StreamRecord<HostSample> element) {
    HostSample host = element.getValue();
    HostBucket bucket = host.bucket();
    sum(HOSTS, bucket).addHost(host.role());
    for (int i = 0; i < bucket.callers().length; i++) {
      sum(bucket.callers()[i], bucket).add(bucket, i, host.hostId(), host.hostname(), host.role());
    }
  }

  private PopulationSum sum(String caller, HostBucket bucket) {
    return sums.computeIfAbsent(
        new Key(caller, bucket.cohort(), bucket.bucket()), k -> new PopulationSum());
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
                    sum.toPartial(key.caller(), key.cohort(), key.bucket()),
                    settings.endOf(key.bucket()) - 1)));
    sums.clear();
  }
}

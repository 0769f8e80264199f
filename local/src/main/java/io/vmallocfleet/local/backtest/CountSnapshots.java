/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.pipeline.usage.Delivery;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.core.execution.JobClient;

/**
 * Passes every snapshot on and counts it, its host and its callers, for who asks the running job.
 * One task counts all. No state.
 */
final class CountSnapshots extends RichMapFunction<Delivery, Delivery> {
  private static final long serialVersionUID = 1;
  private static final String SNAPSHOTS = "snapshotsRead";
  private static final String HOSTS = "hostsRead";
  private static final String CALLERS = "callersRead";

  private transient Set<String> known;
  private transient LongCounter snapshots;
  private transient LongCounter hosts;
  private transient LongCounter callers;

  /**
   * @param callers summed over the snapshots
   */
  record Read(long snapshots, long hosts, long callers) {}

  @Override
  public void open(OpenContext context) {
    known = new HashSet<>();
    snapshots = getRuntimeContext().getLongCounter(SNAPSHOTS);
    hosts = getRuntimeContext().getLongCounter(HOSTS);
    callers = getRuntimeContext().getLongCounter(CALLERS);
  }

  @Override
  public Delivery map(Delivery delivery) {
    snapshots.add(1);
    if (delivery.usage() != null) {
      callers.add(delivery.usage().callers().size());
      hosts.add(known.add(delivery.usage().hostId()) ? 1 : 0);
    }
    return delivery;
  }

  /** What has been read so far, if the job still runs to tell. */
  static Optional<Read> read(JobClient job) {
    try {
      return read(job.getAccumulators().join());
    } catch (IllegalStateException | CompletionException e) {
      // The cluster goes with its job, and that may be between the question and the answer.
      return Optional.empty();
    }
  }

  static Optional<Read> read(Map<String, Object> counters) {
    return counters.containsKey(SNAPSHOTS)
        ? Optional.of(
            new Read(
                (Long) counters.get(SNAPSHOTS),
                (Long) counters.get(HOSTS),
                (Long) counters.get(CALLERS)))
        : Optional.empty();
  }
}

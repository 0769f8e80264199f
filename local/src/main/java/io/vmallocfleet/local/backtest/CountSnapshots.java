/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.pipeline.usage.Delivery;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.core.execution.JobClient;

/** Passes every snapshot on and counts it, for who asks the job. One task counts all. No state. */
final class CountSnapshots extends RichMapFunction<Delivery, Delivery> {
  private static final long serialVersionUID = 1;
  private static final String RECORDED = "recorded";

  private transient Recorded.Count count;

  @Override
  public void open(OpenContext context) {
    count = new Recorded.Count();
    getRuntimeContext().addAccumulator(RECORDED, count);
  }

  @Override
  public Delivery map(Delivery delivery) {
    count.add(delivery);
    return delivery;
  }

  /** What has been read so far, if the job still runs to tell. */
  static Optional<Recorded> read(JobClient job) {
    return EndingJob.ask(job, JobClient::getAccumulators).map(CountSnapshots::read);
  }

  /** Of a job that has ended. */
  static Recorded read(Map<String, Object> results) {
    return (Recorded) results.get(RECORDED);
  }
}

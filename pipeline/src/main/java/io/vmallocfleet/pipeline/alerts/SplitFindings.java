/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Findings go on; what could not be read goes to {@link #UNREADABLE}. No state. */
public final class SplitFindings extends ProcessFunction<Incoming, Finding> {
  public static final OutputTag<DeadLetter> UNREADABLE = new OutputTag<>("unreadable") {};

  @Override
  public void processElement(Incoming incoming, Context context, Collector<Finding> out) {
    if (incoming.finding() != null) {
      out.collect(incoming.finding());
    } else {
      context.output(UNREADABLE, incoming.deadLetter());
    }
  }
}

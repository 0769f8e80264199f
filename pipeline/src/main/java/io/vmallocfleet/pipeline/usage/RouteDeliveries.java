/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.schemas.DeadLetter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Usages go on, unreadable records to the side output. No state. */
public final class RouteDeliveries extends ProcessFunction<Delivery, HostUsage> {
  public static final OutputTag<DeadLetter> UNREADABLE = new OutputTag<>("unreadable") {};

  @Override
  public void processElement(Delivery delivery, Context context, Collector<HostUsage> out) {
    if (delivery.deadLetter() != null) {
      context.output(UNREADABLE, delivery.deadLetter());
    } else {
      out.collect(delivery.usage());
    }
  }
}

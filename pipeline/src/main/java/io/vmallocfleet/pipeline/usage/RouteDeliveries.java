/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.schemas.DeadLetter;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Usages go on, those of a clock that is ahead with how far it is; unreadable records go to the
 * side output. No state.
 */
public final class RouteDeliveries extends ProcessFunction<Delivery, HostUsage>
    implements ResultTypeQueryable<HostUsage> {
  public static final OutputTag<DeadLetter> UNREADABLE = new OutputTag<>("unreadable") {};

  private final long toleranceMillis;

  /**
   * @param clockTolerance how far a clock may be ahead of the arrival before that is worth a word
   */
  public RouteDeliveries(Duration clockTolerance) {
    toleranceMillis = clockTolerance.toMillis();
  }

  @Override
  public void processElement(Delivery delivery, Context context, Collector<HostUsage> out) {
    if (delivery.deadLetter() != null) {
      context.output(UNREADABLE, delivery.deadLetter());
      return;
    }
    HostUsage usage = delivery.usage();
    long ahead = usage.takenAtMillis() - delivery.arrivedAtMillis() - toleranceMillis;
    out.collect(ahead > 0 ? usage.withClockAhead(ahead) : usage);
  }

  @Override
  public TypeInformation<HostUsage> getProducedType() {
    return HostUsageType.BETWEEN_TASKS;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * Lets nothing through but watermarks: windows that analytics has closed move event time on where
 * no finding does, so that what nobody confirms any more can end.
 */
public final class OnlyTime implements FlatMapFunction<Progress, Incoming> {
  @Override
  public void flatMap(Progress progress, Collector<Incoming> out) {}
}

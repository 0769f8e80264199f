/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.pipeline.delivery.Notice;
import io.vmallocfleet.schemas.Rule;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Keeps mutes known at the destinations: what they have been told already must fall silent there.
 *
 * <p>Keyed by rule id. State: the mute while it is in force ({@code mute}). A restart loses
 * nothing.
 */
public final class KeepMutes extends KeyedProcessFunction<String, Rule, Notice> {
  private final Duration interval;
  private transient ValueState<Rule> mute;

  public KeepMutes(Duration interval) {
    this.interval = interval;
  }

  @Override
  public void open(OpenContext context) {
    mute = getRuntimeContext().getState(new ValueStateDescriptor<>("mute", Rule.class));
  }

  @Override
  public void processElement(Rule rule, Context context, Collector<Notice> out) throws Exception {
    long now = context.timerService().currentProcessingTime();
    if (!rule.getActive()) {
      mute.clear();
      out.collect(Notice.of(rule, false));
    } else if (lasts(rule, now)) {
      if (mute.value() == null) {
        context.timerService().registerProcessingTimeTimer(now + interval.toMillis());
      }
      mute.update(rule);
      out.collect(Notice.of(rule, false));
    }
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Notice> out)
      throws Exception {
    Rule rule = mute.value();
    long now = context.timerService().currentProcessingTime();
    if (rule == null) {
      return;
    }
    if (!lasts(rule, now)) {
      mute.clear();
      return;
    }
    out.collect(Notice.of(rule, true));
    context.timerService().registerProcessingTimeTimer(now + interval.toMillis());
  }

  private static boolean lasts(Rule rule, long now) {
    return rule.getUntil() == null || rule.getUntil().toEpochMilli() > now;
  }
}

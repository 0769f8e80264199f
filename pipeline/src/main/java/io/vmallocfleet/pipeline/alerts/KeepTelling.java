/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.pipeline.delivery.Notice;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Tells on-call of alerts, and again at every interval: Alertmanager forgets what it hears no more
 * of, and forgets everything when it is restarted. So an end, too, is repeated for a while.
 *
 * <p>Keyed by fingerprint. State: the alert as last told ({@code told}), until its end has been
 * told for long enough. Runs on the clock of the wall, which is Alertmanager's; a restart repeats a
 * telling, which is the same alert to everybody, because labels and start come from the state.
 */
public final class KeepTelling extends KeyedProcessFunction<String, Alert, Notice> {
  /** As long as Prometheus repeats an end. */
  private static final Duration END_REPEATED = Duration.ofMinutes(15);

  private final Duration interval;
  private transient ValueState<ToldAlert> told;

  public KeepTelling(Duration interval) {
    this.interval = interval;
  }

  @Override
  public void open(OpenContext context) {
    var state = new ValueStateDescriptor<>("told", ToldAlert.class);
    state.enableTimeToLive(
        StateTtlConfig.newBuilder(Duration.ofDays(90))
            .setUpdateType(StateTtlConfig.UpdateType.OnReadAndWrite)
            .build());
    told = getRuntimeContext().getState(state);
  }

  @Override
  public void processElement(Alert alert, Context context, Collector<Notice> out) throws Exception {
    if (!alert.getTold()) {
      return; // of a new episode that nobody has to know yet
    }
    ToldAlert before = told.value();
    boolean ended = alert.getState() == AlertState.RESOLVED;
    if (before != null && alert.getUpdatedAt().isBefore(before.alert().getUpdatedAt())) {
      return; // repeated after a restart
    }
    if (before != null && before.endedMillis() == 0) {
      endWhatIsNoMore(before.alert(), alert, out);
    }
    out.collect(Notice.of(alert, false));
    long now = context.timerService().currentProcessingTime();
    long timer = before == null ? 0 : before.timerMillis();
    if (timer <= now) {
      timer = now + interval.toMillis();
      context.timerService().registerProcessingTimeTimer(timer);
    }
    told.update(new ToldAlert(alert, ended ? now : 0, timer));
  }

  /** To Alertmanager other labels are another alert, and a silence ends only when told to. */
  private static void endWhatIsNoMore(Alert before, Alert now, Collector<Notice> out) {
    if (!before.getLabels().equals(now.getLabels())) {
      Instant at = now.getUpdatedAt();
      out.collect(
          Notice.of(
              Alert.newBuilder(before).setState(AlertState.RESOLVED).setResolvedAt(at).build(),
              true));
    }
    if (before.getState() == AlertState.ACKNOWLEDGED && now.getState() != AlertState.ACKNOWLEDGED) {
      out.collect(Notice.acknowledgementEnded(now));
    }
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Notice> out)
      throws Exception {
    ToldAlert known = told.value();
    if (known == null || timestamp < known.timerMillis()) {
      return;
    }
    long now = context.timerService().currentProcessingTime();
    if (known.endedMillis() > 0 && now - known.endedMillis() >= END_REPEATED.toMillis()) {
      told.clear();
      return;
    }
    out.collect(Notice.of(known.alert(), true));
    long next = now + interval.toMillis();
    context.timerService().registerProcessingTimeTimer(next);
    told.update(new ToldAlert(known.alert(), known.endedMillis(), next));
  }
}

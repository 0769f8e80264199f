/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Heartbeat;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Says which host has fallen silent, by the interval it has been heard in so far.
 *
 * <p>Keyed by host id. State: who the host is and when it was heard ({@code silence}), one
 * event-time timer a host, which moves on when it fires, not with every window. A host silent for a
 * day is said to be gone and forgotten, so the state is that of the hosts of the last day. A
 * restart of the job loses nothing and counts no time in which it was down, because time is the
 * fleet's.
 *
 * <p>While nobody is heard the watermark stands still and no host is silent. When the fleet comes
 * back, from a broker that was away, the watermark leaps over every deadline at once: a timer that
 * fires long after its time proves nothing, and the host gets its whole patience again.
 */
public final class WatchSilence extends KeyedProcessFunction<String, HostUsageInWindow, Finding> {
  /** Confirmed that often, so that whoever listens knows that it still holds. */
  static final Duration CONFIRMED_EVERY = Duration.ofMinutes(30);

  static final Duration FORGOTTEN_AFTER = Duration.ofDays(1);

  private transient ValueState<Silence> silence;

  @Override
  public void open(OpenContext context) {
    silence = getRuntimeContext().getState(new ValueStateDescriptor<>("silence", Silence.class));
  }

  @Override
  public void processElement(HostUsageInWindow host, Context context, Collector<Finding> out)
      throws Exception {
    Silence known = silence.value();
    long windowMillis = host.windowEndMillis() - host.windowStartMillis();
    Heartbeat heartbeat =
        known == null
            ? Heartbeat.first(host.windowStartMillis(), windowMillis)
            : known.heartbeat().heard(host.windowStartMillis());
    if (known != null && known.silent()) {
      out.collect(
          HostFinding.over(
              finding(known, known.heartbeat().deadlineMillis()),
              host.windowStartMillis(),
              host.windowEndMillis(),
              "the host is heard again"));
    }
    Silence heard = new Silence(HostCard.of(host.usage()), heartbeat, false, 0);
    if (known != null && !known.silent() && known.timerMillis() <= heartbeat.deadlineMillis()) {
      silence.update(heard.until(known.timerMillis()));
    } else {
      arm(heard, heartbeat.deadlineMillis(), context);
    }
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Finding> out)
      throws Exception {
    Silence known = silence.value();
    if (known == null || known.timerMillis() != timestamp) {
      return;
    }
    if (!known.silent() && timestamp < known.heartbeat().deadlineMillis()) {
      arm(known, known.heartbeat().deadlineMillis(), context); // it was heard meanwhile
      return;
    }
    long patience = known.heartbeat().patienceMillis();
    long now = context.timerService().currentWatermark();
    if (!known.silent() && now != Long.MAX_VALUE && now - timestamp > patience / 2) {
      arm(known, now + patience, context);
      return;
    }
    Finding finding = finding(known, timestamp);
    if (timestamp - known.heartbeat().lastMillis() >= FORGOTTEN_AFTER.toMillis()) {
      out.collect(
          HostFinding.over(
              finding,
              finding.getWindowStart().toEpochMilli(),
              timestamp,
              "not heard for a day: taken for a host that is no more"));
      silence.clear();
      return;
    }
    out.collect(finding);
    arm(known.said(), timestamp + CONFIRMED_EVERY.toMillis(), context);
  }

  private void arm(Silence next, long atMillis, Context context) throws Exception {
    silence.update(next.until(atMillis));
    context.timerService().registerEventTimeTimer(atMillis);
  }

  private static Finding finding(Silence known, long atMillis) {
    Heartbeat heartbeat = known.heartbeat();
    long lastEnd = heartbeat.lastMillis() + heartbeat.windowMillis();
    return HostFinding.about(
            FindingKind.HOST_SILENT, known.host(), atMillis - heartbeat.windowMillis(), atMillis)
        .setSince(Instant.ofEpochMilli(lastEnd))
        .setConfidence(0.9)
        .setSentence(
            "%s has sent nothing since %s; until then it was heard every %d s."
                .formatted(
                    known.host().hostname(),
                    HostFinding.second(lastEnd),
                    heartbeat.intervalMillis() / 1000))
        .setEvidence(
            HostFinding.evidence(
                0,
                0,
                (double) (atMillis - lastEnd) / heartbeat.intervalMillis(),
                heartbeat.windowMillis()))
        .build();
  }
}

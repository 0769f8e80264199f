/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Raises alerts about the watching itself: analytics that stalls or lags, records nobody can
 * decode, and a watchdog that always fires. An operator rather than a function: it must speak where
 * no record ever comes. Only in one task.
 *
 * <p>State: the complaints in force ({@code complaints}), so that each keeps its beginning over a
 * restart. What a restart loses is how long analytics had been silent: that is counted anew.
 */
public final class WatchOurselves extends AbstractStreamOperator<Alert>
    implements OneInputStreamOperator<Progress, Alert> {
  /** An alert about unreadable records ends after as long without one. */
  private static final Duration UNREADABLE_REMEMBERED = Duration.ofMinutes(10);

  private final Duration lookInterval;
  private final Duration stallAfter;
  private transient Map<Complaint.Kind, Complaint> inForce;
  private transient ListState<Complaint> state;
  private transient long startedMillis;
  private transient long windowEndMillis;
  private transient long unreadableMillis;

  public WatchOurselves(Duration lookInterval, Duration stallAfter) {
    this.lookInterval = lookInterval;
    this.stallAfter = stallAfter;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    state =
        context
            .getOperatorStateStore()
            .getListState(new ListStateDescriptor<>("complaints", Complaint.class));
    inForce = new EnumMap<>(Complaint.Kind.class);
    for (Complaint complaint : state.get()) {
      inForce.put(complaint.kind(), complaint);
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(List.copyOf(inForce.values()));
  }

  @Override
  public void open() throws Exception {
    super.open();
    startedMillis = getProcessingTimeService().getCurrentProcessingTime();
    lookLater(startedMillis);
  }

  @Override
  public void processElement(StreamRecord<Progress> element) {
    Progress progress = element.getValue();
    if (progress.unreadable()) {
      unreadableMillis = getProcessingTimeService().getCurrentProcessingTime();
    } else {
      windowEndMillis = Math.max(windowEndMillis, progress.windowEndMillis());
    }
  }

  private void lookLater(long now) {
    getProcessingTimeService()
        .registerTimer(
            now + lookInterval.toMillis(),
            time -> {
              look(time);
              lookLater(time);
            });
  }

  private void look(long now) {
    say(Complaint.Kind.WATCHDOG, true, now, "alert-routing runs");
    long heard = Math.max(startedMillis, windowEndMillis);
    say(
        Complaint.Kind.ANALYTICS_STALLED,
        now - heard > stallAfter.toMillis(),
        now,
        windowEndMillis == 0
            ? "no window since this job started"
            : "the last window ended at " + second(windowEndMillis));
    say(
        Complaint.Kind.FAILED_DECODES,
        unreadableMillis > 0 && now - unreadableMillis < UNREADABLE_REMEMBERED.toMillis(),
        now,
        "the last unreadable record came at " + second(unreadableMillis));
  }

  private void say(Complaint.Kind kind, boolean holds, long now, String why) {
    Complaint known = inForce.get(kind);
    if (holds && known == null) {
      var complaint = new Complaint(kind, now);
      inForce.put(kind, complaint);
      collect(complaint.alert(AlertState.FIRING, now, why), now);
    } else if (!holds && known != null) {
      inForce.remove(kind);
      collect(known.alert(AlertState.RESOLVED, now, why), now);
    }
  }

  private void collect(Alert alert, long now) {
    output.collect(new StreamRecord<>(alert, now));
  }

  private static Instant second(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
  }
}

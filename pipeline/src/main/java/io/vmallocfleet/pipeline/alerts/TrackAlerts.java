/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.alerts.AlertEvent;
import io.vmallocfleet.alerts.AlertLifecycle;
import io.vmallocfleet.alerts.AlertMemory;
import io.vmallocfleet.alerts.AlertPolicy;
import io.vmallocfleet.alerts.Circumstances;
import io.vmallocfleet.alerts.Fold;
import io.vmallocfleet.alerts.Labels;
import io.vmallocfleet.alerts.Owner;
import io.vmallocfleet.alerts.Owners;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import io.vmallocfleet.schemas.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.annotation.Nullable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Leads every alert through its {@link AlertLifecycle}: findings and acknowledgements by
 * fingerprint, and facts that every task knows.
 *
 * <p>State: the alert ({@code alert}; gone 90 days after it was last looked at) and, broadcast, the
 * facts that hold ({@code facts}). A restart loses neither, and repeats at most the records since
 * the last checkpoint, which are the same again.
 *
 * <p><b>Time:</b> the lifecycle runs in event time, so a backlog gives the alerts that were. An
 * event-time timer ends what nobody confirms: when nothing moves event time on, because analytics
 * stands still, nothing ends. A processing-time timer looks at every open alert once an interval:
 * mutes end by the clock on the wall.
 */
public final class TrackAlerts
    extends KeyedBroadcastProcessFunction<String, Incoming, Fact, Alert> {
  public static final OutputTag<DeadLetter> UNKNOWN_ALERT = new OutputTag<>("unknown-alert") {};
  public static final MapStateDescriptor<String, Fact> FACTS =
      new MapStateDescriptor<>("facts", String.class, Fact.class);

  private static final Duration FORGOTTEN_AFTER = Duration.ofDays(90);
  private static final Duration RECENT = Duration.ofHours(1);

  /** Windows after which the topic shows the latest figures of what merely goes on. */
  private static final int SHOWN_EVERY_WINDOWS = 10;

  private final Duration lookInterval;
  private final ValueStateDescriptor<TrackedAlert> descriptor;
  private transient ValueState<TrackedAlert> state;
  private transient ParsedRules rules;

  public TrackAlerts(Duration lookInterval) {
    this.lookInterval = lookInterval;
    this.descriptor = new ValueStateDescriptor<>("alert", TrackedAlert.class);
    descriptor.enableTimeToLive(
        StateTtlConfig.newBuilder(FORGOTTEN_AFTER)
            .setUpdateType(StateTtlConfig.UpdateType.OnReadAndWrite)
            .build());
  }

  @Override
  public void open(OpenContext context) {
    state = getRuntimeContext().getState(descriptor);
    rules = new ParsedRules();
  }

  @Override
  public void processElement(Incoming incoming, ReadOnlyContext context, Collector<Alert> out)
      throws Exception {
    TrackedAlert known = state.value();
    if (incoming.finding() != null) {
      found(incoming.finding(), known, context, out);
    } else if (known == null || !known.memory().isOpen()) {
      refuse(incoming.rule(), known, context);
    } else {
      step(known, acknowledgement(incoming.rule()), context, out);
    }
  }

  private void found(
      Finding finding, @Nullable TrackedAlert known, ReadOnlyContext context, Collector<Alert> out)
      throws Exception {
    if (known == null) {
      if (finding.getVerdict() == Verdict.GONE) {
        return; // the end of what this job never heard of
      }
      known = new TrackedAlert(AlertMemory.NOTHING, Circumstances.ORDINARY, finding, 0, 0, 0);
    } else if (finding.getWindowEnd().isBefore(known.finding().getWindowEnd())) {
      return;
    }
    boolean opens = !known.memory().isOpen();
    var latest =
        new TrackedAlert(
            known.memory(),
            known.circumstances(),
            finding.getVerdict() == Verdict.GONE ? ended(known.finding(), finding) : finding,
            known.timerMillis(),
            known.shownMillis(),
            known.shown());
    step(latest, AlertEvent.of(finding), context, out);
    if (opens) {
      lookAgain(context);
    }
  }

  /** A word of an end may carry no figures: those of the last window that showed it stay. */
  private static Finding ended(Finding last, Finding gone) {
    return Finding.newBuilder(last)
        .setVerdict(Verdict.GONE)
        .setGoneBecause(gone.getGoneBecause())
        .setWindowStart(gone.getWindowStart())
        .setWindowEnd(gone.getWindowEnd())
        .build();
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Alert> out)
      throws Exception {
    TrackedAlert known = state.value();
    if (known == null || !known.memory().isOpen()) {
      return;
    }
    switch (context.timeDomain()) {
      case EVENT_TIME -> step(known, new AlertEvent.TimePassed(timestamp), context, out);
      case PROCESSING_TIME -> {
        step(known, new AlertEvent.TimePassed(eventTime(known, context)), context, out);
        lookAgain(context);
      }
    }
  }

  private void lookAgain(ReadOnlyContext context) {
    long interval = lookInterval.toMillis();
    long now = context.timerService().currentProcessingTime();
    context.timerService().registerProcessingTimeTimer(now - now % interval + interval);
  }

  private void step(
      TrackedAlert known, AlertEvent event, ReadOnlyContext context, Collector<Alert> out)
      throws Exception {
    TrackedAlert next =
        after(
            known,
            event,
            context.getBroadcastState(FACTS),
            context.timerService().currentProcessingTime());
    long ends = AlertLifecycle.endsUnlessSeen(next.memory(), policy(next), next.circumstances());
    if (ends != Long.MAX_VALUE && ends != known.timerMillis()) {
      context.timerService().registerEventTimeTimer(ends);
    }
    show(withTimer(next, ends == Long.MAX_VALUE ? 0 : ends), context.getBroadcastState(FACTS), out);
  }

  /** Facts change what holds around every alert of this task. */
  @Override
  public void processBroadcastElement(Fact fact, Context context, Collector<Alert> out)
      throws Exception {
    var facts = context.getBroadcastState(FACTS);
    Fact before = facts.get(fact.key());
    if (before != null && fact.atMillis() < before.atMillis()) {
      return;
    }
    if (fact.kind() == Fact.Kind.RULE && !fact.holds()) {
      facts.remove(fact.key());
    } else {
      facts.put(fact.key(), fact);
    }
    rules.forget();
    if (!changes(before, fact)) {
      return;
    }
    long now = context.currentProcessingTime();
    context.applyToKeyedState(
        descriptor,
        (fingerprint, alert) -> {
          TrackedAlert known = alert.value();
          if (known != null && known.memory().isOpen()) {
            long at = eventTime(known, context.currentWatermark());
            AlertEvent event = rebooted(known, fact) ? ended(fact) : new AlertEvent.TimePassed(at);
            TrackedAlert next = after(known, event, facts, now);
            alert.update(shown(next, facts, out));
          }
        });
  }

  /** A fleet trouble is confirmed window by window; only its beginning and end are news. */
  private static boolean changes(@Nullable Fact before, Fact now) {
    return switch (now.kind()) {
      case RULE, HOST -> true;
      case FLEET -> (before != null && before.holds()) != now.holds();
    };
  }

  private static boolean rebooted(TrackedAlert known, Fact host) {
    Finding finding = known.finding();
    return host.kind() == Fact.Kind.HOST
        && host.subject().equals(finding.getHostId())
        && finding.getBootId() != null
        && !host.value().isEmpty()
        && !host.value().equals(finding.getBootId())
        && host.atMillis() > known.memory().lastSeenMillis();
  }

  private static AlertEvent ended(Fact host) {
    return new AlertEvent.Ended(host.atMillis(), "the host has rebooted, which frees everything");
  }

  private TrackedAlert after(
      TrackedAlert known, AlertEvent event, ReadOnlyBroadcastState<String, Fact> facts, long now)
      throws Exception {
    Circumstances around = circumstances(known, facts, now);
    AlertMemory memory = AlertLifecycle.after(known.memory(), event, policy(known), around);
    return new TrackedAlert(
        memory, around, known.finding(), known.timerMillis(), known.shownMillis(), known.shown());
  }

  private Circumstances circumstances(
      TrackedAlert known, ReadOnlyBroadcastState<String, Fact> facts, long now) throws Exception {
    Finding finding = known.finding();
    Map<String, String> labels = labels(known, facts);
    String mutedBy = null;
    for (Mute mute : rules.mutes(facts)) {
      if (mute.mutes(labels, now)) {
        mutedBy = mute.ruleId();
        break;
      }
    }
    boolean isSilence = finding.getKind() == FindingKind.HOST_SILENT;
    Fact host =
        finding.getHostId() == null || isSilence
            ? null
            : facts.get(Fact.Kind.HOST + "\n" + finding.getHostId());
    return new Circumstances(
        mutedBy,
        foldedInto(finding, facts),
        host != null && host.holds(),
        host == null || host.holds() ? 0 : host.atMillis());
  }

  /** The fleet alert that speaks for it: there now, or not long enough away to be over. */
  private static @Nullable String foldedInto(
      Finding finding, ReadOnlyBroadcastState<String, Fact> facts) throws Exception {
    long end = finding.getWindowEnd().toEpochMilli();
    for (String speaker : Fold.speakers(finding)) {
      Fact fleet = facts.get(Fact.Kind.FLEET + "\n" + speaker);
      if (fleet != null && fleet.holds() && end <= fleet.atMillis()) {
        return fleet.value();
      }
    }
    return null;
  }

  private Map<String, String> labels(TrackedAlert known, ReadOnlyBroadcastState<String, Fact> facts)
      throws Exception {
    return Labels.of(known.finding(), known.memory().severity(), owner(known, facts));
  }

  private Owner owner(TrackedAlert known, ReadOnlyBroadcastState<String, Fact> facts)
      throws Exception {
    return rules.owners(facts).of(known.finding());
  }

  private void show(
      TrackedAlert alert, ReadOnlyBroadcastState<String, Fact> facts, Collector<Alert> out)
      throws Exception {
    state.update(shown(alert, facts, out));
  }

  /** Writes what has changed, at once; what merely goes on, every few windows. */
  private TrackedAlert shown(
      TrackedAlert alert, ReadOnlyBroadcastState<String, Fact> facts, Collector<Alert> out)
      throws Exception {
    Owner owner = owner(alert, facts);
    AlertMemory memory = alert.memory();
    int appearance = alert.appearance(owner.team() + owner.escalation());
    long end = alert.finding().getWindowEnd().toEpochMilli();
    boolean due = end - alert.shownMillis() >= SHOWN_EVERY_WINDOWS * memory.windowMillis();
    if (memory.changes().isEmpty() || (appearance == alert.shown() && !due)) {
      return alert;
    }
    out.collect(AlertRecord.of(alert, owner));
    return new TrackedAlert(
        memory, alert.circumstances(), alert.finding(), alert.timerMillis(), end, appearance);
  }

  private static TrackedAlert withTimer(TrackedAlert alert, long timer) {
    return new TrackedAlert(
        alert.memory(),
        alert.circumstances(),
        alert.finding(),
        timer,
        alert.shownMillis(),
        alert.shown());
  }

  private static AlertPolicy policy(TrackedAlert alert) {
    return AlertPolicy.of(alert.finding().getKind());
  }

  private static AlertEvent acknowledgement(Rule rule) {
    long at = rule.getAt().toEpochMilli();
    return rule.getActive()
        ? new AlertEvent.Acknowledged(at, rule.getBy(), rule.getWhy(), rule.getUntilResolved())
        : new AlertEvent.Withdrawn(at, rule.getBy(), rule.getWhy());
  }

  /** One made lately; an old one is history, which a job without state reads again. */
  private static void refuse(Rule rule, @Nullable TrackedAlert known, ReadOnlyContext context) {
    long made = rule.getAt().toEpochMilli();
    boolean old = made < context.timerService().currentProcessingTime() - RECENT.toMillis();
    boolean overSince = known != null && made <= known.memory().resolvedAtMillis();
    if (rule.getActive() && !old && !overSince) {
      context.output(
          UNKNOWN_ALERT,
          ReadRules.deadLetter(
              rule,
              "acknowledgement of %s: there is no such alert that is pending or firing"
                  .formatted(rule.getFingerprint())));
    }
  }

  private static long eventTime(TrackedAlert known, OnTimerContext context) {
    return eventTime(known, context.timerService().currentWatermark());
  }

  private static long eventTime(TrackedAlert known, long watermark) {
    return Math.max(known.memory().lastSeenMillis(), watermark);
  }

  /** The rules among the facts, read once after each change. */
  private static final class ParsedRules {
    private @Nullable Owners owners;
    private @Nullable List<Mute> mutes;

    void forget() {
      owners = null;
      mutes = null;
    }

    Owners owners(ReadOnlyBroadcastState<String, Fact> facts) throws Exception {
      parse(facts);
      return owners;
    }

    List<Mute> mutes(ReadOnlyBroadcastState<String, Fact> facts) throws Exception {
      parse(facts);
      return mutes;
    }

    private void parse(ReadOnlyBroadcastState<String, Fact> facts) throws Exception {
      if (owners != null) {
        return;
      }
      owners = Owners.DEFAULTS;
      var found = new ArrayList<Mute>();
      for (Map.Entry<String, Fact> fact : facts.immutableEntries()) {
        Rule rule = fact.getValue().rule();
        if (rule != null && rule.getKind() == RuleKind.OWNERS) {
          owners = Owners.parse(Objects.requireNonNull(rule.getDocument()));
        } else if (rule != null && rule.getKind() == RuleKind.MUTE) {
          found.add(Mute.of(rule));
        }
      }
      mutes = List.copyOf(found);
    }
  }
}

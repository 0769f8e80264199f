/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.pipeline.alerts.Incoming;
import io.vmallocfleet.pipeline.usage.StateTtl;
import io.vmallocfleet.rules.DetectionRules;
import io.vmallocfleet.rules.Limits;
import io.vmallocfleet.rules.RuleScope;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Verdict;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ReadOnlyBroadcastState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Holds findings against the rules in force: those that show too little stay here, the others are
 * at most as loud as they may be. A finding told before a rule excluded it is over.
 *
 * <p>Keyed by fingerprint. State: whether the last word on it was told ({@code told}, 7 days), and
 * on every task the document in force ({@link #RULES}). A restart of the job loses neither. A job
 * without state reads all rules from the beginning, and findings that come before them are told.
 *
 * <p>A rule that cannot be taken goes to {@link #REFUSED}, once for all tasks, and the one before
 * stays in force. Counts {@code refusedRules}, {@code appliedRules} and {@code excludedFindings}.
 */
public final class ApplyRules
    extends KeyedBroadcastProcessFunction<String, Finding, Incoming, Finding> {
  /** The document under {@link DetectionRules#RULE_ID}, if there is one. */
  public static final MapStateDescriptor<String, String> RULES =
      new MapStateDescriptor<>("detection-rules", Types.STRING, Types.STRING);

  public static final OutputTag<DeadLetter> REFUSED = new OutputTag<>("refused-rules") {};

  private static final Duration REMEMBERED = Duration.ofDays(7);

  private transient ValueState<Boolean> told;
  private transient String parsedDocument;
  private transient DetectionRules rules;
  private transient Counter refused;
  private transient Counter applied;
  private transient Counter excluded;

  @Override
  public void open(OpenContext context) {
    var toldState = new ValueStateDescriptor<>("told", Types.BOOLEAN);
    toldState.enableTimeToLive(StateTtl.after(REMEMBERED));
    told = getRuntimeContext().getState(toldState);
    rules = DetectionRules.NONE;
    var metrics = getRuntimeContext().getMetricGroup();
    refused = metrics.counter("refusedRules");
    applied = metrics.counter("appliedRules");
    excluded = metrics.counter("excludedFindings");
  }

  @Override
  public void processElement(Finding finding, ReadOnlyContext context, Collector<Finding> out)
      throws Exception {
    if (finding.getVerdict() == Verdict.GONE) {
      told.clear();
      out.collect(finding);
      return;
    }
    Limits limits =
        inForce(context.getBroadcastState(RULES)).limits(finding.getKind(), RuleScope.of(finding));
    String refusal = limits.refusal(finding);
    if (refusal.isEmpty()) {
      told.update(true);
      out.collect(
          Finding.newBuilder(finding).setSeverity(limits.capped(finding.getSeverity())).build());
      return;
    }
    excluded.inc();
    if (told.value() != null) {
      told.clear();
      out.collect(
          Finding.newBuilder(finding).setVerdict(Verdict.GONE).setGoneBecause(refusal).build());
    }
  }

  @Override
  public void processBroadcastElement(Incoming incoming, Context context, Collector<Finding> out)
      throws Exception {
    Rule rule = incoming.rule();
    if (rule == null) {
      refuse(incoming.deadLetter(), context);
      return;
    }
    if (rule.getKind() != RuleKind.DETECTION) {
      return;
    }
    var state = context.getBroadcastState(RULES);
    if (!rule.getActive()) {
      state.remove(DetectionRules.RULE_ID);
      applied.inc();
      return;
    }
    try {
      if (rule.getDocument() == null) {
        throw new IllegalArgumentException("it has no document");
      }
      DetectionRules.parse(rule.getDocument());
      state.put(DetectionRules.RULE_ID, rule.getDocument());
      applied.inc();
    } catch (IllegalArgumentException e) {
      String why =
          "rule %s of %s by %s: %s"
              .formatted(rule.getRuleId(), rule.getAt(), rule.getBy(), e.getMessage());
      refuse(deadLetter(rule, why), context);
    }
  }

  /** Each task hears each rule; one of them speaks for all. */
  private void refuse(DeadLetter letter, Context context) {
    if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
      refused.inc();
      context.output(REFUSED, letter);
    }
  }

  private DetectionRules inForce(ReadOnlyBroadcastState<String, String> state) throws Exception {
    String document = state.get(DetectionRules.RULE_ID);
    if (document == null) {
      return DetectionRules.NONE;
    }
    if (!document.equals(parsedDocument)) {
      parsedDocument = document;
      try {
        rules = DetectionRules.parse(document);
      } catch (IllegalArgumentException e) {
        // Taken by an older release; a job that cannot start because of it would watch nothing.
        refused.inc();
        rules = DetectionRules.NONE;
      }
    }
    return rules;
  }

  private static DeadLetter deadLetter(Rule rule, String why) {
    return new DeadLetter(
        FleetTopic.RULES.topicName(),
        0,
        0L,
        rule.getAt(),
        DeadLetterReason.INVALID_RULE,
        why,
        ByteBuffer.wrap(new SingleObject<>(Rule.class).encode(rule)));
  }
}

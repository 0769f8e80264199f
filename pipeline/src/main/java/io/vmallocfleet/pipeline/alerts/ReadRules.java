/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.alerts.Owners;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import io.vmallocfleet.schemas.SingleObject;
import java.nio.ByteBuffer;
import javax.annotation.Nullable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Sends on the rules that are about alerts. One that cannot be taken goes to {@link #REFUSED}, and
 * what was in force before stays. Counts {@code refusedRules}. No state.
 */
public final class ReadRules extends ProcessFunction<Incoming, Rule> {
  public static final OutputTag<DeadLetter> REFUSED = new OutputTag<>("refused-rules") {};

  private transient Counter refused;

  @Override
  public void open(OpenContext context) {
    refused = getRuntimeContext().getMetricGroup().counter("refusedRules");
  }

  @Override
  public void processElement(Incoming incoming, Context context, Collector<Rule> out) {
    Rule rule = incoming.rule();
    if (rule == null) {
      context.output(REFUSED, incoming.deadLetter());
      return;
    }
    String wrong = wrong(rule);
    if (wrong != null) {
      refused.inc();
      context.output(REFUSED, deadLetter(rule, wrong));
    } else if (isAboutAlerts(rule)) {
      out.collect(rule);
    }
  }

  private static boolean isAboutAlerts(Rule rule) {
    return switch (rule.getKind()) {
      case OWNERS, MUTE, ACKNOWLEDGEMENT -> true;
      case DETECTION, UNKNOWN -> false;
    };
  }

  private static @Nullable String wrong(Rule rule) {
    try {
      if (rule.getKind() == RuleKind.OWNERS && rule.getActive()) {
        if (rule.getDocument() == null) {
          return "rule " + rule.getRuleId() + " has no document: expected the owners file";
        }
        Owners.parse(rule.getDocument());
      } else if (rule.getKind() == RuleKind.MUTE) {
        if (rule.getActive() && rule.getMatchers().isEmpty()) {
          return "mute " + rule.getRuleId() + " has no matcher: it would mute everything";
        }
        Mute.matchers(rule);
      } else if (rule.getKind() == RuleKind.ACKNOWLEDGEMENT && rule.getFingerprint() == null) {
        return "acknowledgement " + rule.getRuleId() + " names no alert: fingerprint is missing";
      }
      return null;
    } catch (IllegalArgumentException e) {
      return "rule " + rule.getRuleId() + ": " + e.getMessage();
    }
  }

  /** The rule as it would be written today; where it lay is no longer known here. */
  static DeadLetter deadLetter(Rule rule, String why) {
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

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.alerts.Matcher;
import io.vmallocfleet.schemas.Rule;
import java.util.List;
import java.util.Map;

/**
 * A mute in force: alerts that match tell nobody.
 *
 * @param untilMillis when it ends by itself, by the clock on the wall
 */
record Mute(String ruleId, List<Matcher> matchers, long untilMillis) {
  static Mute of(Rule rule) {
    return new Mute(
        rule.getRuleId(),
        matchers(rule),
        rule.getUntil() == null ? Long.MAX_VALUE : rule.getUntil().toEpochMilli());
  }

  /**
   * @throws IllegalArgumentException if one of them is no expression
   */
  static List<Matcher> matchers(Rule rule) {
    return rule.getMatchers().stream()
        .map(m -> new Matcher(m.getLabel(), m.getOperator(), m.getValue()))
        .toList();
  }

  boolean mutes(Map<String, String> labels, long nowMillis) {
    return nowMillis < untilMillis && Matcher.allMatch(matchers, labels);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.schemas.Rule;
import java.util.List;
import javax.annotation.Nullable;

/** A rule in force as JSON; meanings as in {@code Rule.avsc}. */
public record RuleView(
    String ruleId,
    String kind,
    long at,
    String by,
    String why,
    @Nullable String fingerprint,
    List<String> matchers,
    @Nullable Long until,
    boolean untilResolved) {
  static RuleView of(Rule rule) {
    return new RuleView(
        rule.getRuleId(),
        rule.getKind().name(),
        rule.getAt().toEpochMilli(),
        rule.getBy(),
        rule.getWhy(),
        rule.getFingerprint(),
        rule.getMatchers().stream().map(RuleView::text).toList(),
        FindingView.millis(rule.getUntil()),
        rule.getUntilResolved());
  }

  private static String text(io.vmallocfleet.schemas.Matcher matcher) {
    String operator =
        switch (matcher.getOperator()) {
          case EQUAL -> "=";
          case NOT_EQUAL -> "!=";
          case MATCHES -> "=~";
          case NOT_MATCHES -> "!~";
        };
    return matcher.getLabel() + operator + '"' + matcher.getValue() + '"';
  }
}

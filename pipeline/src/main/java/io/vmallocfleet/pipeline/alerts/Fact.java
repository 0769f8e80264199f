/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.schemas.Rule;

/**
 * What every task that tracks alerts has to know: a rule, a host, a fleet trouble.
 *
 * @param subject rule id, host id, or what a fleet trouble speaks for
 * @param holds whether the rule is in force, the host is silent, the fleet trouble is there
 * @param value boot id of the host; fingerprint of the fleet trouble
 * @param atMillis event time; of a rule when it was made, of a fleet trouble until when it speaks
 *     for others unless it is seen again
 * @param rule only of a rule
 */
public record Fact(
    Kind kind, String subject, boolean holds, String value, long atMillis, Rule rule) {

  public enum Kind {
    RULE,
    HOST,
    FLEET
  }

  String key() {
    return kind + "\n" + subject;
  }

  public static Fact of(Rule rule) {
    return new Fact(
        Kind.RULE, rule.getRuleId(), rule.getActive(), "", rule.getAt().toEpochMilli(), rule);
  }
}

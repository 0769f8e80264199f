/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/** The mutes in force. */
final class Mutes {
  private Mutes() {}

  static List<Rule> inForce(KafkaAccess kafka, Instant now) {
    return new CompactedTopic<>(kafka, FleetTopic.RULES, Rule.class)
        .read().stream()
            .filter(rule -> rule.getKind() == RuleKind.MUTE && rule.getActive())
            .filter(rule -> rule.getUntil() == null || rule.getUntil().isAfter(now))
            .sorted(Comparator.comparing(Rule::getAt))
            .toList();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.rules;

import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.schemas.Rule;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the document in force. */
@Command(
    name = "show",
    description = "The document in force, and who set it when and why.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ShowRules implements Runnable {
  @Mixin private final KafkaOptions kafka;

  @Spec private CommandSpec spec;

  ShowRules(Supplier<String> runningStack) {
    kafka = new KafkaOptions(runningStack);
  }

  @Override
  public void run() {
    Optional<Rule> set = new RuleTopic(kafka.access()).inForce();
    PrintWriter out = spec.commandLine().getOut();
    if (set.isEmpty()) {
      out.println("# no rule is set: the detectors' own thresholds hold");
    } else {
      Rule rule = set.get();
      out.printf("# set %s by %s: %s%n", rule.getAt(), rule.getBy(), rule.getWhy());
      out.println(rule.getDocument().stripTrailing());
    }
    out.flush();
  }
}

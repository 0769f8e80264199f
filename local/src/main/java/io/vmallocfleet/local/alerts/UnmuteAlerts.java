/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.Rule;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Withdraws a mute. */
@Command(
    name = "unmute",
    description = "Withdraw a mute: what it muted and is still there, tells.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UnmuteAlerts implements Runnable {
  @Parameters(paramLabel = "ID", description = "As alerts mutes shows it.")
  private String id;

  @Mixin private final Author author = new Author();
  @Mixin private final KafkaOptions kafka;
  @Spec private CommandSpec spec;

  private final Clock clock;

  UnmuteAlerts(Supplier<String> runningStack, Clock clock) {
    this.kafka = new KafkaOptions(runningStack);
    this.clock = clock;
  }

  @Override
  public void run() {
    KafkaAccess access = kafka.access();
    Rule mute =
        Mutes.inForce(access, clock.instant()).stream()
            .filter(rule -> rule.getRuleId().equals(id) || rule.getRuleId().equals("mute/" + id))
            .findFirst()
            .orElseThrow(
                () ->
                    new StackException(
                        "No mute \"%s\": ./vmalloc-fleet alerts mutes shows those in force"
                            .formatted(id)));
    RuleWriter.write(
        access,
        Rule.newBuilder(mute)
            .setActive(false)
            .setAt(clock.instant())
            .setBy(author.by())
            .setWhy(author.why())
            .build());
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s is withdrawn.%n", mute.getRuleId());
    out.flush();
  }
}

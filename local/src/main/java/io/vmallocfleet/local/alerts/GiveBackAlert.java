/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Ends an acknowledgement. */
@Command(
    name = "unack",
    description = "Give an alert back: it fires again, and others are told.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GiveBackAlert implements Runnable {
  @Parameters(paramLabel = "ID", description = "Its fingerprint, or the beginning of it.")
  private String id;

  @Mixin private final Author author = new Author();
  @Mixin private final KafkaOptions kafka;
  @Spec private CommandSpec spec;

  private final Clock clock;

  GiveBackAlert(Supplier<String> runningStack, Clock clock) {
    this.kafka = new KafkaOptions(runningStack);
    this.clock = clock;
  }

  @Override
  public void run() {
    KafkaAccess access = kafka.access();
    Alert alert = KnownAlerts.read(access).named(id);
    if (alert.getState() != AlertState.ACKNOWLEDGED) {
      throw new StackException(
          "%s is %s, not acknowledged".formatted(AlertText.id(alert), alert.getState()));
    }
    RuleWriter.write(access, AcknowledgeAlert.rule(alert, author, clock.instant(), false, false));
    AcknowledgeAlert.awaitState(access, alert, AlertState.FIRING);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s fires again.%n", AlertText.id(alert));
    out.flush();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes an alert in hand, so that nobody else is told. */
@Command(
    name = "ack",
    description = {
      "Take an alert in hand: nobody else is told of it.",
      "Ends when the alert is over, or gets worse unless --until-resolved."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AcknowledgeAlert implements Runnable {
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(15);

  @Parameters(paramLabel = "ID", description = "Its fingerprint, or the beginning of it.")
  private String id;

  @Mixin private final Author author = new Author();

  @Option(names = "--until-resolved", description = "Holds also when the alert gets worse.")
  private boolean untilResolved;

  @Mixin private final KafkaOptions kafka;
  @Spec private CommandSpec spec;

  private final Clock clock;

  AcknowledgeAlert(Supplier<String> runningStack, Clock clock) {
    this.kafka = new KafkaOptions(runningStack);
    this.clock = clock;
  }

  @Override
  public void run() {
    KafkaAccess access = kafka.access();
    Alert alert = KnownAlerts.read(access).named(id);
    if (alert.getLabels().getOrDefault("scope", "").equals("self")) {
      throw new StackException(
          "%s is about vmalloc-fleet itself: mute it instead, with ./vmalloc-fleet alerts mute kind=%s"
              .formatted(AlertText.id(alert), alert.getLabels().get("kind")));
    }
    if (alert.getState() == AlertState.RESOLVED) {
      throw new StackException(
          "%s is over since %s: there is nothing to acknowledge"
              .formatted(AlertText.id(alert), alert.getResolvedAt()));
    }
    RuleWriter.write(access, rule(alert, author, clock.instant(), true, untilResolved));
    awaitState(access, alert, AlertState.ACKNOWLEDGED);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s is acknowledged by %s.%n", AlertText.id(alert), author.by());
    out.flush();
  }

  static Rule rule(Alert alert, Author author, Instant at, boolean active, boolean untilResolved) {
    return Rule.newBuilder()
        .setRuleId("ack/" + alert.getFingerprint())
        .setKind(RuleKind.ACKNOWLEDGEMENT)
        .setActive(active)
        .setAt(at)
        .setBy(author.by())
        .setWhy(author.why())
        .setFingerprint(alert.getFingerprint())
        .setUntilResolved(untilResolved)
        .build();
  }

  /** Until the job has taken it up. */
  static void awaitState(KafkaAccess kafka, Alert alert, AlertState state) {
    long end = System.nanoTime() + ANSWER_LIMIT.toNanos();
    while (KnownAlerts.read(kafka).named(alert.getFingerprint()).getState() != state) {
      if (System.nanoTime() > end) {
        throw new StackException(
            "It is written, but alert-routing has not taken it up within %d s: is the job running?"
                .formatted(ANSWER_LIMIT.toSeconds()));
      }
    }
  }
}

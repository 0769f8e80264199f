/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.rules;

import io.vmallocfleet.local.kafka.KafkaOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a document into force, or withdraws the one that is. */
@Command(
    name = "set",
    description = {
      "Put a document into force. It is checked first, and holds from the next finding on.",
      "With --withdraw in place of FILE, the detectors' own thresholds hold again."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SetRules implements Runnable {
  static final class Wanted {
    @Parameters(paramLabel = "FILE", description = "The document, such as rules.yaml.")
    private Path file;

    @Option(names = "--withdraw", description = "Withdraw the document in force.")
    private boolean withdraw;
  }

  @ArgGroup(multiplicity = "1")
  private Wanted wanted;

  @Option(
      names = "--by",
      required = true,
      paramLabel = "NAME",
      description = "Who sets it: a name or address people know.")
  private String by;

  @Option(
      names = "--why",
      required = true,
      paramLabel = "TEXT",
      description = "Why, for those who wonder later.")
  private String why;

  @Mixin private final KafkaOptions kafka;

  @Spec private CommandSpec spec;

  private final Clock clock;

  SetRules(Supplier<String> runningStack, Clock clock) {
    kafka = new KafkaOptions(runningStack);
    this.clock = clock;
  }

  @Override
  public void run() {
    String document = wanted.withdraw ? null : RuleFile.read(wanted.file).text();
    new RuleTopic(kafka.access()).set(document, by, why, clock.instant());
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        wanted.withdraw
            ? "withdrawn: the detectors' own thresholds hold"
            : wanted.file + " is in force");
    out.flush();
  }
}

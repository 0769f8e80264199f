/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.alerts.Owners;
import io.vmallocfleet.alerts.Subject;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.kafka.KafkaOptions;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Who owns what: checks an owners file, puts it in force, shows the one that is. */
@Command(
    name = "owners",
    description = "Say who owns which caller, by a file whose last matching line wins.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class OwnersCommand implements Runnable {
  private static final String RULE_ID = "owners";

  @Spec private CommandSpec spec;

  static CommandLine with(Supplier<String> runningStack, Clock clock) {
    return new CommandLine(new OwnersCommand())
        .addSubcommand(new Check())
        .addSubcommand(new Put(runningStack, clock))
        .addSubcommand(new Show(runningStack));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do with owners.");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new StackException("%s cannot be read: %s".formatted(file, e), e);
    }
  }

  private static Owners parse(Path file, String text) {
    try {
      return Owners.parse(text);
    } catch (IllegalArgumentException e) {
      throw new StackException(file + ": " + e.getMessage(), e);
    }
  }

  /** Says what the file does; lines that own nothing are no mistake, but worth a word. */
  private static void report(Owners owners, Collection<Subject> known, PrintWriter out) {
    out.printf(
        "%d lines, and by default team %s.%n", owners.lines().size(), owners.fallback().team());
    owners.dead(known).forEach(line -> out.println("warning: " + line));
    out.flush();
  }

  /** Every caller that is described, and every kind of finding. */
  private static Set<Subject> known(Collection<Subject> seen) {
    var known = new HashSet<>(seen);
    CallerKnowledge.bundled()
        .meanings()
        .forEach(
            meaning ->
                known.add(
                    new Subject(
                        meaning.function(), meaning.module(), meaning.family().slug(), "LEAK")));
    for (FindingKind kind : FindingKind.values()) {
      known.add(new Subject("", "", "", kind.name()));
    }
    return known;
  }

  /** Only looks. */
  @Command(
      name = "check",
      description = "Check an owners file without putting it in force.",
      mixinStandardHelpOptions = true)
  static final class Check implements Runnable {
    @Parameters(paramLabel = "FILE", description = "The owners file, YAML.")
    private Path file;

    @Spec private CommandSpec spec;

    @Override
    public void run() {
      report(parse(file, read(file)), known(List.of()), spec.commandLine().getOut());
    }
  }

  /** Checks and writes. */
  @Command(
      name = "set",
      description = "Check an owners file and put it in force.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Put implements Runnable {
    @Parameters(paramLabel = "FILE", description = "The owners file, YAML.")
    private Path file;

    @Mixin private final Author author = new Author();
    @Mixin private final KafkaOptions kafka;
    @Spec private CommandSpec spec;

    private final Clock clock;

    Put(Supplier<String> runningStack, Clock clock) {
      this.kafka = new KafkaOptions(runningStack);
      this.clock = clock;
    }

    @Override
    public void run() {
      String text = read(file);
      Owners owners = parse(file, text);
      KafkaAccess access = kafka.access();
      RuleWriter.write(
          access,
          Rule.newBuilder()
              .setRuleId(RULE_ID)
              .setKind(RuleKind.OWNERS)
              .setAt(clock.instant())
              .setBy(author.by())
              .setWhy(author.why())
              .setDocument(text)
              .build());
      List<Subject> seen =
          KnownAlerts.read(access).alerts().stream()
              .map(alert -> Subject.of(alert.getFinding()))
              .toList();
      report(owners, known(seen), spec.commandLine().getOut());
    }
  }

  /** What is in force. */
  @Command(
      name = "show",
      description = "Show the owners file in force.",
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Show implements Runnable {
    @Option(names = "--audit", description = "Also who put it in force, when and why.")
    private boolean audit;

    @Mixin private final KafkaOptions kafka;
    @Spec private CommandSpec spec;

    Show(Supplier<String> runningStack) {
      this.kafka = new KafkaOptions(runningStack);
    }

    @Override
    public void run() {
      PrintWriter out = spec.commandLine().getOut();
      new CompactedTopic<>(kafka.access(), FleetTopic.RULES, Rule.class)
          .read().stream()
              .filter(rule -> rule.getRuleId().equals(RULE_ID) && rule.getActive())
              .findFirst()
              .ifPresentOrElse(
                  rule -> print(rule, out),
                  () ->
                      out.printf(
                          "No owners file: everything goes to team %s.%n",
                          Owners.DEFAULTS.fallback().team()));
      out.flush();
    }

    private void print(Rule rule, PrintWriter out) {
      if (audit) {
        out.printf("# by %s at %s: %s%n", rule.getBy(), rule.getAt(), rule.getWhy());
      }
      out.print(rule.getDocument());
    }
  }
}

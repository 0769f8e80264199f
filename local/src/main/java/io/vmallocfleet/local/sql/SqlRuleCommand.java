/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.annotation.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rules that people write in SQL: check, start, list, stop. */
@Command(
    name = "sql-rule",
    description = {
      "Rules in SQL: files that end with INSERT INTO vmalloc_findings.",
      "What a rule finds goes the way of every finding: owners, mutes, Alertmanager."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "  ./vmalloc-fleet sql-rule start docs/bpf-maps-over-100-mib.sql",
      "  ./vmalloc-fleet sql-rule stop bpf-maps-over-100-mib"
    })
public final class SqlRuleCommand implements Runnable {
  @Spec private CommandSpec spec;

  private final Supplier<URI> runningGateway;

  /**
   * @param runningGateway gateway of the stack that is running here; may throw what tells the
   *     person that none runs
   */
  public SqlRuleCommand(Supplier<URI> runningGateway) {
    this.runningGateway = runningGateway;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }

  /** Where rules run. */
  static final class Gateway {
    @Option(
        names = "--gateway",
        paramLabel = "URL",
        description = "SQL gateway to ask; by default that of the stack that is running here.")
    private @Nullable URI address;
  }

  /** 1 when something is missing; needs no running stack. */
  @Command(
      name = "validate",
      description = "Say what is missing or wrong in FILE; needs no running stack.",
      mixinStandardHelpOptions = true)
  int validate(@Parameters(paramLabel = "FILE") Path file) {
    List<String> problems = problems(file, read(file));
    if (problems.isEmpty()) {
      out().println(file + ": a rule; start it with sql-rule start " + file);
      out().flush();
    }
    return problems.isEmpty() ? 0 : 1;
  }

  /** 1 when something is missing, or when a rule of that name runs. */
  @Command(
      name = "start",
      description = "Check the rule in FILE and let it run as a job, until it is stopped.",
      mixinStandardHelpOptions = true)
  int start(@Mixin Gateway gateway, @Parameters(paramLabel = "FILE") Path file) {
    String text = read(file);
    if (!problems(file, text).isEmpty()) {
      return 1;
    }
    try (GatewaySession session = session(gateway)) {
      String name = SqlRule.name(text);
      out().printf("rule %s runs as job %s%n", name, RunningRule.start(session, name, text));
      out().flush();
    }
    return 0;
  }

  /** 0 also when none runs. */
  @Command(name = "list", description = "Rules that run.", mixinStandardHelpOptions = true)
  int list(@Mixin Gateway gateway) {
    try (GatewaySession session = session(gateway)) {
      List<RunningRule> rules = RunningRule.all(session);
      for (RunningRule rule : rules) {
        out()
            .printf(
                "%s  %s since %s  job %s%n", rule.name(), rule.state(), rule.since(), rule.job());
      }
      if (rules.isEmpty()) {
        out().println("no rule in SQL runs");
      }
      out().flush();
    }
    return 0;
  }

  /** 1 when no rule of that name runs. */
  @Command(
      name = "stop",
      description = "Stop a rule, by its name or its job.",
      mixinStandardHelpOptions = true)
  int stop(@Mixin Gateway gateway, @Parameters(paramLabel = "RULE") String rule) {
    try (GatewaySession session = session(gateway)) {
      RunningRule stopped = RunningRule.named(session, rule);
      stopped.stop(session);
      out().printf("rule %s stopped%n", stopped.name());
      out().flush();
    }
    return 0;
  }

  private GatewaySession session(Gateway gateway) {
    return new GatewaySession(
        gateway.address != null ? gateway.address : runningGateway.get(), Map.of());
  }

  private List<String> problems(Path file, String text) {
    List<String> problems = SqlRule.problems(text);
    PrintWriter err = spec.commandLine().getErr();
    problems.forEach(problem -> err.println(file + ": " + problem));
    err.flush();
    return problems;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new StackException("%s cannot be read: %s".formatted(file, e), e);
    }
  }
}

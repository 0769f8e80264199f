/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.rules;

import java.time.Clock;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code vmalloc-fleet rules}: the document of thresholds that findings are held against while the
 * job runs; docs/rules.md describes it.
 */
@Command(
    name = "rules",
    description = "Thresholds of findings: check a document, show the one in force, set another.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
public final class RulesCommand implements Runnable {
  @Spec private CommandSpec spec;

  private RulesCommand() {}

  /**
   * @param runningStack bootstrap of the stack that is running here
   */
  public static CommandLine with(Supplier<String> runningStack, Clock clock) {
    return new CommandLine(new RulesCommand())
        .addSubcommand(new CheckRules())
        .addSubcommand(new ShowRules(runningStack))
        .addSubcommand(new SetRules(runningStack, clock));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: check, show or set.");
  }
}

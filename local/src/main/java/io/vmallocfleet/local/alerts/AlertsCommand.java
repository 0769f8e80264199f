/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import java.time.Clock;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Alerts: what there is, who has it in hand, what is muted, who owns what. */
@Command(
    name = "alerts",
    description = "Show alerts, acknowledge and mute them, and say who owns what.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class AlertsCommand implements Runnable {
  @Spec private CommandSpec spec;

  /**
   * With its sub-commands.
   *
   * @param runningStack bootstrap of the stack that is running here
   */
  public static CommandLine with(Supplier<String> runningStack, Clock clock) {
    return new CommandLine(new AlertsCommand())
        .addSubcommand(new ListAlerts(runningStack, clock))
        .addSubcommand(new ShowAlert(runningStack, clock))
        .addSubcommand(new AcknowledgeAlert(runningStack, clock))
        .addSubcommand(new GiveBackAlert(runningStack, clock))
        .addSubcommand(new MuteAlerts(runningStack, clock))
        .addSubcommand(new UnmuteAlerts(runningStack, clock))
        .addSubcommand(new ListMutes(runningStack, clock))
        .addSubcommand(OwnersCommand.with(runningStack, clock));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do with alerts.");
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local;

import io.vmallocfleet.local.access.AccessCommand;
import io.vmallocfleet.local.alerts.AlertsCommand;
import io.vmallocfleet.local.backtest.BacktestCommand;
import io.vmallocfleet.local.backtest.QualityCommand;
import io.vmallocfleet.local.bench.BenchCommand;
import io.vmallocfleet.local.console.ConsoleCommand;
import io.vmallocfleet.local.explain.ExplainCommand;
import io.vmallocfleet.local.parse.ParseCommand;
import io.vmallocfleet.local.record.RecordCommand;
import io.vmallocfleet.local.rules.RulesCommand;
import io.vmallocfleet.local.score.ScoreSeriesCommand;
import io.vmallocfleet.local.simulate.SimulateCommand;
import io.vmallocfleet.local.size.SizeCommand;
import io.vmallocfleet.local.sql.SqlCommand;
import io.vmallocfleet.local.sql.SqlRuleCommand;
import io.vmallocfleet.local.stack.RunningStack;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.local.tail.TailCommand;
import io.vmallocfleet.local.up.UpCommand;
import io.vmallocfleet.local.view.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command line, {@code ./vmalloc-fleet}.
 *
 * <p>Exit code 0: done; 1: it failed, and one line on standard error says why; 2: not understood.
 */
@Command(
    name = "vmalloc-fleet",
    description = "Who holds the kernel's vmalloc address space, on one host and across a fleet.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = UpCommand.class)
public final class Main implements Runnable {
  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.exit(run(new PrintWriter(System.out, true), new PrintWriter(System.err, true), args));
  }

  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Main())
        .addSubcommand(new TopicsCommand(Main::bootstrapOfRunningStack))
        .addSubcommand(new AccessCommand(Main::bootstrapOfRunningStack))
        .addSubcommand(AlertsCommand.with(Main::bootstrapOfRunningStack, Clock.systemDefaultZone()))
        .addSubcommand(new TailCommand(Main::bootstrapOfRunningStack))
        .addSubcommand(
            new ExplainCommand(System.in, () -> Terminal.standardOutput(System.getenv())))
        .addSubcommand(new ParseCommand(System.in))
        .addSubcommand(new RecordCommand(Main::bootstrapOfRunningStack))
        .addSubcommand(new SimulateCommand(Main::bootstrapOfRunningStack))
        .addSubcommand(new QualityCommand())
        .addSubcommand(new BenchCommand())
        .addSubcommand(new SizeCommand())
        .addSubcommand(new BacktestCommand(System.getenv(), Main::bootstrapOfRunningStack))
        .addSubcommand(new ConsoleCommand(Main::bootstrapOfRunningStack))
        .addSubcommand(new ScoreSeriesCommand(System.in))
        .addSubcommand(
            new SqlCommand(
                Main::bootstrapOfRunningStack, () -> runningStack().sqlGateway(), System.in))
        .addSubcommand(RulesCommand.with(Main::bootstrapOfRunningStack, Clock.systemUTC()))
        .addSubcommand(new SqlRuleCommand(() -> runningStack().sqlGateway()))
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((thrown, command, parsed) -> failed(thrown, command))
        .execute(args);
  }

  private static String bootstrapOfRunningStack() {
    return runningStack().bootstrap();
  }

  private static RunningStack runningStack() {
    return RunningStack.find(RunningStack.directory(System.getenv()));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }

  /** What a person can mend is a line; anything else is ours to mend and keeps its stack trace. */
  private static int failed(Exception thrown, CommandLine command) {
    if (thrown instanceof StackException) {
      command.getErr().println("vmalloc-fleet: " + thrown.getMessage());
    } else {
      thrown.printStackTrace(command.getErr());
    }
    return CommandLine.ExitCode.SOFTWARE;
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      try (InputStream text = Main.class.getResourceAsStream("version.txt")) {
        return new String[] {
          "vmalloc-fleet " + new String(text.readAllBytes(), StandardCharsets.UTF_8).strip()
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

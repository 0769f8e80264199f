/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line, {@code ./vmalloc-agent}. */
@Command(
    name = "vmalloc-agent",
    description = "Reads /proc/vmallocinfo once an interval and publishes it to Kafka.",
    mixinStandardHelpOptions = true,
    versionProvider = AgentCommands.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Done, or stopped by a signal after delivering what it could.",
      "1:It failed, and the last line of the log says why; check: something is not in order.",
      "2:Command line or settings not understood; nothing was started.",
      "3:Out of memory: VMALLOC_AGENT_JAVA_OPTS=-Xmx256m allows more."
    },
    subcommands = {RunCommand.class, CheckCommand.class, RecordCommand.class, ReplayCommand.class})
final class AgentCommands implements Runnable {
  @Spec private CommandSpec spec;

  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new AgentCommands())
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler((thrown, command, parsed) -> Failure.report(thrown, err))
        .execute(args);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }

  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      try (InputStream text = AgentCommands.class.getResourceAsStream("version.txt")) {
        return new String[] {
          "vmalloc-agent " + new String(text.readAllBytes(), StandardCharsets.UTF_8).strip()
        };
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

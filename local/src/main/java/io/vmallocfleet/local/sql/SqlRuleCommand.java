/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Rules that people write in SQL. */
@Command(
    name = "sql-rule",
    description = {
      "Check a rule in SQL before it runs: a file that ends with INSERT INTO vmalloc_findings.",
      "Run it with 'sql -f FILE', list with 'SHOW JOBS', end with \"STOP JOB '...'\"."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class SqlRuleCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do.");
  }

  /** 1 when something is missing; needs no running stack. */
  @Command(
      name = "validate",
      description = "Say what is missing or wrong in FILE.",
      mixinStandardHelpOptions = true)
  int validate(@Parameters(paramLabel = "FILE") Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new StackException("%s cannot be read: %s".formatted(file, e), e);
    }
    List<String> problems = SqlRule.problems(text);
    problems.forEach(problem -> spec.commandLine().getErr().println(file + ": " + problem));
    if (problems.isEmpty()) {
      spec.commandLine().getOut().println(file + ": a rule; start it with sql -f " + file);
    }
    return problems.isEmpty() ? 0 : 1;
  }
}

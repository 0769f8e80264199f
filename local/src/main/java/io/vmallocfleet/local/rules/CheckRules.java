/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.rules;

import java.io.PrintWriter;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks a document over without putting it into force. */
@Command(
    name = "check",
    description = "Say everything that is wrong with a document, and where; 1 if anything is.",
    mixinStandardHelpOptions = true)
final class CheckRules implements Runnable {
  @Parameters(paramLabel = "FILE", description = "The document, such as rules.yaml.")
  private Path file;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    int thresholds = RuleFile.read(file).rules().lines().size();
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: fine, %d %s%n", file, thresholds, thresholds == 1 ? "threshold" : "thresholds");
    out.flush();
  }
}

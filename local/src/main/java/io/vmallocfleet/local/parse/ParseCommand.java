/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.parse;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code vmalloc-fleet parse FILE}: the rows of a file, or what is wrong with its lines.
 *
 * <p>Ends with 0 also where lines are malformed, since they are reported; with 1 when there is
 * nothing to read.
 */
@Command(
    name = "parse",
    description = {
      "Parse the text of /proc/vmallocinfo.",
      "Without --json: how many rows it has, and what is wrong with each line that is none."
    },
    mixinStandardHelpOptions = true)
public final class ParseCommand implements Callable<Integer> {
  private final InputStream standardInput;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE|-", description = "File to parse; - is standard input.")
  private String file;

  @Option(
      names = "--json",
      description =
          "One JSON object a line of the file, numbers in hex as strings, as the file has them.")
  private boolean json;

  public ParseCommand(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    VmallocinfoText text;
    try {
      text = VmallocinfoText.read(file, standardInput);
    } catch (IOException e) {
      spec.commandLine().getErr().println("vmalloc-fleet: " + e.getMessage());
      return 1;
    }
    AreaTable table = text.parse();
    if (json) {
      try (var rows = new RowJson(text, table, out)) {
        rows.write();
      }
      out.println();
    } else {
      print(table, text.source(), out);
    }
    out.flush();
    return 0;
  }

  private static void print(AreaTable table, String source, PrintWriter out) {
    table.malformedLines().forEach(out::println);
    out.printf(
        Locale.ROOT,
        "%s: %d lines = %d rows + %d malformed + %d repeated; addresses are %s%n",
        source,
        table.lines(),
        table.rows(),
        table.malformed(),
        table.duplicates(),
        table.mode().name().toLowerCase(Locale.ROOT));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.explain;

import io.vmallocfleet.agent.explain.Between;
import io.vmallocfleet.agent.explain.Explanation;
import io.vmallocfleet.agent.explain.ExplanationText;
import io.vmallocfleet.agent.explain.Ink;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.local.parse.VmallocinfoText;
import io.vmallocfleet.local.view.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code vmalloc-fleet explain [FILE|-]}: what one host's vmalloc areas are for.
 *
 * <p>Ends with 0; with 1 when there is nothing to read, or when a map or a hole is asked for of a
 * file that hides its addresses.
 */
@Command(
    name = "explain",
    description = {
      "Explain the vmalloc areas of one host: who holds them and what for, what a growing number"
          + " means, why there are holes."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ExplainCommand implements Callable<Integer> {
  private final InputStream standardInput;
  private final Supplier<Terminal> terminal;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|-",
      arity = "0..1",
      defaultValue = "/proc/vmallocinfo",
      description = "Copy of /proc/vmallocinfo; - is standard input (default: this host's).")
  private String file;

  @Option(names = "--lines", description = "Every area, and what each caller is for.")
  private boolean lines;

  @Option(
      names = "--between",
      arity = "2",
      paramLabel = "ADDR",
      description = {
        "Why there is a hole between two areas.",
        "Give an address in each, or where one ends and one starts, or both ranges as printed."
      })
  private String[] between;

  @Option(names = "--map", description = "Draw the address space.")
  private boolean map;

  @Option(names = "--json", description = "One JSON document; --lines and --between add to it.")
  private boolean json;

  /**
   * @param terminal asked once, when there is something to show
   */
  public ExplainCommand(InputStream standardInput, Supplier<Terminal> terminal) {
    this.standardInput = standardInput;
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    Optional<long[]> addresses = addresses();
    if (map && json) {
      throw new ParameterException(
          spec.commandLine(), "--map is for people: --json has the areas with --lines");
    }
    VmallocinfoText text;
    try {
      text = VmallocinfoText.read(file, standardInput);
    } catch (IOException e) {
      return fail(e.getMessage());
    }
    var explanation = Explanation.of(text.parse(), CallerKnowledge.bundled());
    if ((map || addresses.isPresent()) && explanation.addressSpace().isEmpty()) {
      return fail(
          "%s shows no addresses, so %s: %s"
              .formatted(
                  text.source(),
                  map ? "no map can be drawn" : "no hole can be explained",
                  ExplanationText.howToSeeMore(explanation)));
    }
    var hole = addresses.map(pair -> Between.of(explanation, pair[0], pair[1]));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      new ExplanationJson(explanation, text.source()).write(out, lines, hole);
      out.println();
    } else {
      out.print(forPeople(explanation, text.source(), hole));
    }
    out.flush();
    return 0;
  }

  private String forPeople(Explanation explanation, String source, Optional<Between> hole) {
    Terminal screen = terminal.get();
    var people =
        new ExplanationText(
            explanation,
            screen.size().get().columns(),
            screen.look().colour() ? Ink.ANSI : Ink.NONE);
    var shown = new StringBuilder();
    hole.map(people::between).ifPresent(shown::append);
    if (map) {
      shown.append(people.map());
    }
    if (lines) {
      shown.append(people.lines());
    }
    return shown.length() > 0 ? shown.toString() : people.summary(source);
  }

  private Optional<long[]> addresses() {
    if (between == null) {
      return Optional.empty();
    }
    if (between.length > 2) {
      throw new ParameterException(spec.commandLine(), "--between explains one hole at a time");
    }
    return Optional.of(new long[] {address(between[0]), address(between[1])});
  }

  /** An address, or the first one of a range, with 0x or without. */
  private long address(String given) {
    String word = given.split("-", 2)[0];
    String digits = word.startsWith("0x") ? word.substring(2) : word;
    if (!digits.matches("[0-9a-fA-F]{1,16}")) {
      throw new ParameterException(
          spec.commandLine(),
          "--between \"%s\": expected an address such as 0xffffc90000004000, or a range as the file has it"
              .formatted(given));
    }
    return Long.parseUnsignedLong(digits, 16);
  }

  private int fail(String message) {
    spec.commandLine().getErr().println("vmalloc-fleet: " + message);
    return 1;
  }
}

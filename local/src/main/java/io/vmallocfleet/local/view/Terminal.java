/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Where a person looks: an output, what it can show, and how large it is.
 *
 * @param interactive whether lines can be drawn over; false for files and pipes
 * @param size asked before each picture, so that a resized window is noticed
 */
public record Terminal(PrintStream out, boolean interactive, Look look, Supplier<Size> size) {
  /** Columns and rows, each from 1. */
  public record Size(int columns, int rows) {}

  private static final Size FALLBACK = new Size(80, 24);

  /**
   * This process's standard output. Colours are off with {@code NO_COLOR}, anything beyond ASCII
   * with a locale that is not UTF-8, and {@code TERM=dumb} is treated as a file.
   */
  public static Terminal standardOutput(Map<String, String> environment) {
    boolean unicode = hasUnicodeLocale(environment);
    boolean interactive = !"dumb".equals(environment.get("TERM")) && standardOutputIsTerminal();
    boolean colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    Charset charset = unicode ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, charset),
        interactive,
        new Look(colour, unicode),
        () -> askTerminal().or(() -> fromEnvironment(environment)).orElse(FALLBACK));
  }

  /** By the first of the variables that decide it (POSIX, "Internationalization Variables"). */
  static boolean hasUnicodeLocale(Map<String, String> environment) {
    return Stream.of("LC_ALL", "LC_CTYPE", "LANG")
        .map(name -> environment.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst()
        .map(value -> value.toLowerCase(Locale.ROOT).replace("-", "").contains("utf8"))
        .orElse(false);
  }

  /** Reads what {@code stty size} prints: rows, then columns. */
  static Optional<Size> parseSize(String text) {
    String[] words = text.strip().split(" ");
    return words.length == 2 ? size(words[1], words[0]) : Optional.empty();
  }

  static Optional<Size> fromEnvironment(Map<String, String> environment) {
    return size(environment.getOrDefault("COLUMNS", ""), environment.getOrDefault("LINES", ""));
  }

  private static Optional<Size> size(String columns, String rows) {
    try {
      var size = new Size(Integer.parseInt(columns), Integer.parseInt(rows));
      // A serial line without a size says 0 0.
      return size.columns > 0 && size.rows > 0 ? Optional.of(size) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** {@code System.console()} would also want standard input to be one. */
  private static boolean standardOutputIsTerminal() {
    return run(new ProcessBuilder("test", "-t", "1")
            .redirectOutput(ProcessBuilder.Redirect.INHERIT))
        .isPresent();
  }

  private static Optional<Size> askTerminal() {
    return run(new ProcessBuilder("stty", "size").redirectInput(new File("/dev/tty")))
        .flatMap(Terminal::parseSize);
  }

  /** What a command of no more than a line printed; empty if it failed. */
  private static Optional<String> run(ProcessBuilder command) {
    try {
      Process process = command.redirectError(ProcessBuilder.Redirect.DISCARD).start();
      if (!process.waitFor(1, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return process.exitValue() == 0 ? Optional.of(printed) : Optional.empty();
    } catch (IOException noSuchCommand) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.score;

import io.vmallocfleet.local.stack.StackException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code vmalloc-fleet score-series FILE}: how anomalous each row of a series is.
 *
 * <p>Ends with 0 also where rows are bad, since they are reported and have a row; with 1 when there
 * is nothing to read.
 */
@Command(
    name = "score-series",
    description = {
      "Score each row of a CSV file, timestamp,value, by the detector of jumps and spikes, with the"
          + " settings of the job. A row is scored with what came before it and nothing else.",
      "Writes timestamp,value,anomaly_score, a row a row, the score from 0 to 1: 0.5 is a chance of"
          + " one in a thousand, 0.9 of one in 10^10. What is wrong with a row goes to standard"
          + " error."
    },
    mixinStandardHelpOptions = true)
public final class ScoreSeriesCommand implements Runnable {
  private final InputStream standardInput;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|-",
      description =
          "CSV, header or not; - is standard input. Times as 2026-11-26T08:00:00Z, 2026-11-26"
              + " 08:00:00, or seconds, milli- or microseconds since the epoch.")
  private String file;

  public ScoreSeriesCommand(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  @Override
  public void run() {
    PrintWriter err = spec.commandLine().getErr();
    // Not the command line's own writer, which flushes at every line.
    PrintWriter out = new PrintWriter(spec.commandLine().getOut(), false);
    var scores = new SeriesScores(out, problem -> err.println(file + " " + problem));
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(input(), StandardCharsets.UTF_8), 1 << 16)) {
      scores.score(in);
    } catch (NoSuchFileException e) {
      throw new StackException("%s cannot be read: there is no such file".formatted(file), e);
    } catch (IOException e) {
      throw new StackException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    } finally {
      out.flush();
    }
    if (scores.problems() > 0) {
      err.printf(
          "%s: %,d of %,d rows are not as they should be%n",
          file, scores.problems(), scores.rows());
      err.flush();
    }
  }

  private InputStream input() throws IOException {
    return file.equals("-") ? standardInput : Files.newInputStream(Path.of(file));
  }
}

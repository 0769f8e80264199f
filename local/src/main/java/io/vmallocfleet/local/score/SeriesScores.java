/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.score;

import io.vmallocfleet.detection.series.SeriesDetector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Scores the rows of a CSV text one by one: never more than a row in memory, and none is scored
 * with what comes after it. The first two columns count, or the ones a header calls {@code
 * timestamp} and {@code value}. For each row there is a row, in order:
 *
 * <pre>
 * timestamp,value,anomaly_score
 * 2026-11-26 08:00:00,19.7,0.07318
 * </pre>
 *
 * <p>A row without a number scores 0 and teaches nothing. One with a number and an unreadable
 * moment is taken as following the row before.
 */
final class SeriesScores {
  private static final String HEADER = "timestamp,value,anomaly_score";
  private static final int TOLD = 10;

  private final PrintWriter out;
  private final Consumer<String> problem;
  private final SeriesDetector detector = new SeriesDetector();
  private int timestampColumn;
  private int valueColumn = 1;
  private long lastMillis;
  private long line;
  private long rows;
  private long problems;

  /**
   * @param problem told the first ten rows that are not as they should be
   */
  SeriesScores(PrintWriter out, Consumer<String> problem) {
    this.out = out;
    this.problem = problem;
  }

  /** Rows written, without the header. */
  long rows() {
    return rows;
  }

  /** Rows that were not as they should be. */
  long problems() {
    return problems;
  }

  void score(BufferedReader in) throws IOException {
    out.println(HEADER);
    for (String text = in.readLine(); text != null; text = in.readLine()) {
      line++;
      if (line == 1) {
        text = text.startsWith("\uFEFF") ? text.substring(1) : text;
        if (isHeader(text)) {
          takeColumns(text);
          continue;
        }
      }
      row(text);
    }
  }

  private static boolean isHeader(String text) {
    List<String> fields = fields(text);
    return !text.isBlank()
        && fields.stream()
            .allMatch(field -> Timestamp.millis(field).isEmpty() && number(field).isEmpty());
  }

  private void takeColumns(String header) {
    List<String> names =
        fields(header).stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
    if (names.contains("timestamp") && names.contains("value")) {
      timestampColumn = names.indexOf("timestamp");
      valueColumn = names.indexOf("value");
    }
  }

  private void row(String text) {
    List<String> fields = fields(text);
    String timestamp = field(fields, timestampColumn);
    String value = field(fields, valueColumn);
    OptionalDouble number = number(value);
    double score = 0;
    if (number.isEmpty()) {
      complain("value is \"%s\": expected a number; scored 0".formatted(value));
    } else {
      OptionalLong millis = Timestamp.millis(timestamp);
      if (millis.isEmpty()) {
        complain(
            "timestamp is \"%s\": %s; taken as following the row before"
                .formatted(timestamp, Timestamp.EXPECTED));
      }
      lastMillis = millis.orElse(lastMillis);
      score = SeriesDetector.anomalyScore(detector.observe(lastMillis, number.getAsDouble()));
    }
    out.print(timestamp);
    out.print(',');
    out.print(value);
    out.print(',');
    out.println((float) score);
    rows++;
  }

  private void complain(String what) {
    problems++;
    if (problems <= TOLD) {
      problem.accept("line %d: %s".formatted(line, what));
    }
  }

  private static String field(List<String> fields, int column) {
    return column < fields.size() ? fields.get(column) : "";
  }

  private static List<String> fields(String text) {
    return List.of(text.split(",", -1)).stream().map(SeriesScores::unquoted).toList();
  }

  private static String unquoted(String field) {
    String text = field.strip();
    boolean quoted = text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"");
    return quoted ? text.substring(1, text.length() - 1).strip() : text;
  }

  private static OptionalDouble number(String text) {
    try {
      double number = Double.parseDouble(text);
      return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty(); // the caller says so, with the line
    }
  }
}

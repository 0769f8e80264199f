/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.sql;

import java.util.Locale;
import java.util.Set;

/**
 * Whether a statement only reads. By its first word, which decides in Flink SQL: a query cannot
 * write. Hints are refused because they change a table's connection, {@code SELECT * FROM t /*+
 * OPTIONS('properties.bootstrap.servers'='elsewhere') *}{@code /}.
 */
final class ReadOnly {
  private static final Set<String> WORDS =
      Set.of("SELECT", "WITH", "VALUES", "SHOW", "DESCRIBE", "DESC", "EXPLAIN");

  private ReadOnly() {}

  /**
   * @throws IllegalArgumentException with what is wrong
   */
  static void check(String statement) {
    String text = withoutComments(statement).strip();
    int end = 0;
    while (end < text.length() && Character.isLetter(text.charAt(end))) {
      end++;
    }
    String word = text.substring(0, end).toUpperCase(Locale.ROOT);
    if (text.startsWith("(")) {
      word = "SELECT";
    }
    if (!WORDS.contains(word)) {
      throw new IllegalArgumentException(
          "\"%s\" changes something, or is no SQL: this page takes SELECT, WITH, VALUES, SHOW, DESCRIBE and EXPLAIN"
              .formatted(word.isEmpty() ? firstLine(text) : word));
    }
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().map(l -> l.substring(0, Math.min(40, l.length()))).orElse("");
  }

  /** Texts in quotes stay as they are: what looks like a comment there is none. */
  private static String withoutComments(String statement) {
    StringBuilder kept = new StringBuilder();
    int at = 0;
    while (at < statement.length()) {
      char c = statement.charAt(at);
      if (c == '\'' || c == '"' || c == '`') {
        int close = statement.indexOf(c, at + 1);
        int end = close < 0 ? statement.length() : close + 1;
        kept.append(statement, at, end);
        at = end;
      } else if (statement.startsWith("/*+", at)) {
        throw new IllegalArgumentException("hints are not taken here: they change a table");
      } else if (statement.startsWith("/*", at)) {
        int close = statement.indexOf("*/", at + 2);
        at = close < 0 ? statement.length() : close + 2;
        kept.append(' ');
      } else if (statement.startsWith("--", at)) {
        int newline = statement.indexOf('\n', at);
        at = newline < 0 ? statement.length() : newline;
      } else if (c == ';' && !statement.substring(at + 1).isBlank()) {
        throw new IllegalArgumentException("one statement at a time");
      } else {
        kept.append(c);
        at++;
      }
    }
    return kept.toString();
  }
}

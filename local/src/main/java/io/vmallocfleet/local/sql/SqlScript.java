/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Text as statements: divided at semicolons that stand in no string, quoted name or comment. What
 * lies between {@code BEGIN} and {@code END} of a statement set stays together.
 */
final class SqlScript {
  private SqlScript() {}

  static List<String> statements(String text) {
    List<String> statements = new ArrayList<>();
    int start = 0;
    int at = 0;
    while (at < text.length()) {
      int next = skipQuoted(text, at);
      if (next > at) {
        at = next;
        continue;
      }
      if (text.charAt(at) == ';' && !isOpenSet(text.substring(start, at))) {
        add(text.substring(start, at), statements);
        start = at + 1;
      }
      at++;
    }
    add(text.substring(start), statements);
    return statements;
  }

  /** Without comments, for looking at the words of a statement; strings stay. */
  static String withoutComments(String statement) {
    var bare = new StringBuilder();
    int at = 0;
    while (at < statement.length()) {
      int next = skipQuoted(statement, at);
      if (next == at) {
        bare.append(statement.charAt(at++));
      } else {
        bare.append(isComment(statement, at) ? " " : statement.substring(at, next));
        at = next;
      }
    }
    return bare.toString().strip();
  }

  private static void add(String statement, List<String> to) {
    if (!withoutComments(statement).isEmpty()) {
      to.add(statement.strip());
    }
  }

  private static boolean isOpenSet(String statement) {
    String words = withoutComments(statement).toUpperCase(Locale.ROOT).replaceAll("\\s+", " ");
    return words.startsWith("EXECUTE STATEMENT SET BEGIN") && !words.endsWith(" END");
  }

  private static boolean isComment(String text, int at) {
    return text.startsWith("--", at) || text.startsWith("/*", at) && !text.startsWith("/*+", at);
  }

  /** Behind the string, quoted name or comment that begins here, or here if none does. */
  private static int skipQuoted(String text, int at) {
    char c = text.charAt(at);
    if (c == '\'' || c == '`' || c == '"') {
      int end = text.indexOf(c, at + 1);
      return end < 0 ? text.length() : end + 1;
    }
    if (text.startsWith("--", at)) {
      int end = text.indexOf('\n', at);
      return end < 0 ? text.length() : end;
    }
    if (isComment(text, at)) {
      int end = text.indexOf("*/", at);
      return end < 0 ? text.length() : end + 2;
    }
    return at;
  }
}

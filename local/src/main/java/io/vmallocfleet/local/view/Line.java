/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.local.records.Printable;
import java.util.ArrayList;
import java.util.List;

/** One line of a screen: pieces of text in tones, measured without their escape sequences. */
final class Line {
  enum Tone {
    PLAIN(""),
    BOLD("1"),
    DIM("2"),
    RED("31"),
    GREEN("32"),
    YELLOW("33"),
    LOUD("1;30;43");

    private final String code;

    Tone(String code) {
      this.code = code;
    }
  }

  private record Piece(String text, Tone tone) {}

  private final List<Piece> pieces = new ArrayList<>();
  private int width;

  Line add(String text) {
    return add(text, Tone.PLAIN);
  }

  Line add(String text, Tone tone) {
    String printable = Printable.line(text);
    pieces.add(new Piece(printable, tone));
    width += columns(printable);
    return this;
  }

  /** Blanks up to that column, from 0; at least two where text stands there already. */
  Line to(int column) {
    if (width == 0) {
      return add(" ".repeat(column));
    }
    return add(" ".repeat(Math.max(2, column - width)));
  }

  /** The text so that it ends before that column. */
  Line endingAt(int column, String text, Tone tone) {
    return add(" ".repeat(Math.max(1, column - width - columns(text)))).add(text, tone);
  }

  int width() {
    return width;
  }

  /** Cut to the width, without blanks at its end. */
  String render(int limit, Look look) {
    var out = new StringBuilder();
    boolean cut = width > limit;
    int left = cut ? limit - look.ellipsis().length() : limit;
    for (Piece piece : pieces) {
      String text = columns(piece.text) > left ? prefix(piece.text, left) : piece.text;
      left -= columns(text);
      append(out, text, piece.tone, look);
    }
    if (cut) {
      out.append(look.ellipsis(), 0, Math.min(limit, look.ellipsis().length()));
    }
    return out.toString().stripTrailing();
  }

  private static void append(StringBuilder out, String text, Tone tone, Look look) {
    if (look.colour() && tone != Tone.PLAIN && !text.isBlank()) {
      out.append("\u001b[").append(tone.code).append('m').append(text).append("\u001b[0m");
    } else {
      out.append(text);
    }
  }

  /** The text in at most that many columns, its end given up for an ellipsis. */
  static String fit(String text, int limit, Look look) {
    return columns(text) <= limit
        ? text
        : prefix(text, limit - look.ellipsis().length())
            + look.ellipsis().substring(0, Math.min(Math.max(0, limit), look.ellipsis().length()));
  }

  /** Words in lines of at most that width; a longer word is broken. */
  static List<String> wrap(String text, int limit) {
    List<String> lines = new ArrayList<>();
    var line = new StringBuilder();
    for (String word : Printable.line(text).split(" +")) {
      String rest = word;
      if (line.length() > 0 && columns(line.toString()) + 1 + columns(rest) > limit) {
        lines.add(line.toString());
        line.setLength(0);
      }
      while (columns(rest) > limit) {
        String head = prefix(rest, limit);
        lines.add(head);
        rest = rest.substring(head.length());
      }
      line.append(line.length() > 0 ? " " : "").append(rest);
    }
    lines.add(line.toString());
    return lines;
  }

  static int columns(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String prefix(String text, int columns) {
    return columns <= 0 ? "" : text.substring(0, text.offsetByCodePoints(0, columns));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

/**
 * Lines of text no wider than a terminal. What comes from a file is made harmless: a control
 * character becomes a question mark.
 */
final class Page {
  private static final int LEAST_WIDTH = 40;

  private final StringBuilder text = new StringBuilder();
  private final int width;
  private final Ink ink;

  Page(int width, Ink ink) {
    this.width = Math.max(LEAST_WIDTH, width);
    this.ink = ink;
  }

  /** Words that are set off, over as many lines as they need. */
  Page heading(String words) {
    Page plain = new Page(width, ink).paragraph("", words);
    plain.toString().lines().map(ink::bold).forEach(this::raw);
    return this;
  }

  Page blank() {
    return raw("");
  }

  /** One line as it is; the caller has measured it. */
  Page raw(String line) {
    text.append(line.stripTrailing()).append('\n');
    return this;
  }

  /** A paragraph: its first line begins with one text, the others with as many blanks. */
  Page paragraph(String first, String words) {
    return paragraph(first, " ".repeat(first.length()), words);
  }

  /** A paragraph whose first line and further lines begin differently. */
  Page paragraph(String first, String further, String words) {
    StringBuilder line = new StringBuilder(harmless(first));
    boolean empty = true;
    for (String word : harmless(words).split(" +")) {
      if (!empty && line.length() + 1 + word.length() > width) {
        raw(line.toString());
        line = new StringBuilder(further);
        empty = true;
      }
      if (!empty) {
        line.append(' ');
      }
      line.append(word);
      empty = false;
    }
    return raw(line.toString());
  }

  static String harmless(String words) {
    StringBuilder harmless = new StringBuilder(words.length());
    for (int i = 0; i < words.length(); i++) {
      char c = words.charAt(i);
      harmless.append(Character.isISOControl(c) ? '?' : c);
    }
    return harmless.toString();
  }

  /** The text, left-aligned in as many columns; cut with an ellipsis if it is longer. */
  static String left(String words, int columns) {
    if (words.length() > columns) {
      return words.substring(0, Math.max(0, columns - 3)) + "...";
    }
    return words + " ".repeat(columns - words.length());
  }

  /** The text, right-aligned in as many columns. */
  static String right(String words, int columns) {
    return " ".repeat(Math.max(0, columns - words.length())) + words;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.records;

/** Text from a record that is safe to show: nothing in it moves the cursor or changes a colour. */
public final class Printable {
  private Printable() {}

  /** The text with every control character, line ends included, as a question mark. */
  public static String line(String text) {
    return text.codePoints().anyMatch(Character::isISOControl)
        ? text.codePoints()
            .map(c -> Character.isISOControl(c) ? '?' : c)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString()
        : text;
  }

  /** {@link #line} as one word for lines that are split at blanks: blanks become underscores. */
  public static String word(String text) {
    return text.isEmpty() ? "-" : line(text).replace(' ', '_');
  }
}

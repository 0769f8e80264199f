/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

/** A name with {@code *} for any text and {@code ?} for one character; matches the whole name. */
public record Glob(String text) {
  static final Glob ANY = new Glob("*");

  /** Greedy with one step back: a later star makes the choices of the one before final. */
  public boolean matches(String name) {
    int at = 0;
    int pattern = 0;
    int star = -1;
    int resume = 0;
    while (at < name.length()) {
      char c = pattern < text.length() ? text.charAt(pattern) : '\0';
      if (pattern < text.length() && c == '*') {
        star = pattern++;
        resume = at;
      } else if (pattern < text.length() && (c == '?' || c == name.charAt(at))) {
        pattern++;
        at++;
      } else if (star >= 0) {
        pattern = star + 1;
        at = ++resume;
      } else {
        return false;
      }
    }
    while (pattern < text.length() && text.charAt(pattern) == '*') {
      pattern++;
    }
    return pattern == text.length();
  }
}

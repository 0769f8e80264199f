/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

/** How text is set off: not at all, or by the escape sequences of terminals (ECMA-48, SGR). */
public enum Ink {
  NONE,
  ANSI;

  /** Foregrounds that can be told apart on black and on white. */
  private static final int[] COLOURS = {32, 34, 35, 36, 33, 31, 92, 94, 95, 96, 93, 91};

  String bold(String text) {
    return sgr("1", text);
  }

  String dim(String text) {
    return sgr("2", text);
  }

  /** The text in the colour of that number, which repeat beyond twelve. */
  String colour(int number, String text) {
    return sgr(String.valueOf(COLOURS[number % COLOURS.length]), text);
  }

  private String sgr(String code, String text) {
    return this == NONE || text.isBlank() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
  }
}

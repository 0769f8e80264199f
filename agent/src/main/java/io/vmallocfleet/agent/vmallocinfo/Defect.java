/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

/** Why a line is no row, as far as the line alone tells. */
enum Defect {
  EMPTY("the line is empty"),
  CUT_SHORT(
      "the file ends before the newline, so the row may be cut short;"
          + " end the file with a newline if it is whole"),
  ENDS_IN_SPACE(
      "the line ends in a space, as rows do that a mail client wrapped; join it with the next"),
  CONTINUED("the row goes on in the next line, as mail clients wrap it; join the two"),
  NO_RANGE("%s is not an address range such as 0xffffc90000000000-0xffffc90000004000"),
  BAD_ADDRESS("%s is not two addresses of 8 or 16 lower-case hex digits each"),
  ADDRESS_TOO_LONG(
      "%s has an address of more than 16 digits; have the end and the size run together?"),
  NO_SIZE("the size is missing behind the addresses"),
  BAD_SIZE("%s is not a size: expected bytes in decimal, 1 or more"),
  BAD_CALLER(
      "%s is not a caller: expected function+0xoffset/0xsize, a function alone or 0xaddress"),
  BAD_MODULE("%s is not a module in brackets"),
  BAD_PAGES("%s: expected pages= and a decimal number"),
  TOO_MANY_PAGES("the pages do not fit into the size, at 4096 bytes each or more"),
  BAD_PHYS("%s: expected phys= and up to 16 lower-case hex digits"),
  BAD_NODE("%s: expected N, a NUMA node, = and a decimal number of pages"),
  NODE_ORDER("%s is out of order: the kernel lists NUMA nodes ascending"),
  REPEATED("%s stands twice"),
  BAD_WORD("%s is neither a flag word nor key=value");

  private static final int MAX_QUOTED = 80;

  private final String explanation;

  Defect(String explanation) {
    this.explanation = explanation;
  }

  /** The explanation, with the offending word in quotes. */
  String explain(String word) {
    String quoted = word.length() > MAX_QUOTED ? word.substring(0, MAX_QUOTED) + "..." : word;
    return explanation.replace("%s", '"' + quoted + '"');
  }
}

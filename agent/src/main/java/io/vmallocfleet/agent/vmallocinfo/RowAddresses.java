/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

/**
 * What the addresses of a file are, and which rows contradict it.
 *
 * <p>The kernel prints the size beside both ends, so real rows prove themselves: end - start =
 * size. Hashes are 32 random bits each (zero-extended on 64-bit) and satisfy that once in four
 * billion rows. A file is in one mode, because the reader and kptr_restrict hold for all of it; so
 * each row votes for what it looks like, the majority names the mode, and a few corrupt rows change
 * nothing. Then a row is kept if its addresses are hidden, if they prove themselves, or if the file
 * is hashed and they can be hashes. All others have a wrong digit somewhere: which one, nobody can
 * tell.
 *
 * <p>A row whose ends are both multiples of 4096 but do not match its size abstains: as hashes that
 * is one chance in 16 million, as a real row with a wrong digit it is the rule. Otherwise a lone
 * corrupt 32-bit row would pass for a hashed file.
 */
final class RowAddresses {

  private static final long OFFSET_IN_PAGE = 4095;

  private AddressMode mode = AddressMode.UNKNOWN;
  private boolean unanimous;

  /** Lets the rows vote. */
  void count(AreaTable table) {
    int zeroed = 0;
    int placeholder = 0;
    int real = 0;
    int hashed = 0;
    for (int row = 0; row < table.rows(); row++) {
      if (matchesSize(table, row)) {
        real++;
      } else if (table.shown(row) == AreaTable.Shown.PLACEHOLDER) {
        placeholder++;
      } else if (hidden(table, row)) {
        zeroed++;
      } else if (mayBeHashes(table, row) && !pageAligned(table, row)) {
        hashed++;
      }
    }
    int most = Math.max(Math.max(real, hashed), Math.max(zeroed, placeholder));
    unanimous = most == table.rows();
    if (most == 0) {
      mode = AddressMode.UNKNOWN;
    } else if (most == real) {
      mode = AddressMode.REAL;
    } else if (most == hashed) {
      mode = AddressMode.HASHED;
    } else {
      mode = most == zeroed ? AddressMode.ZEROED : AddressMode.PLACEHOLDER;
    }
  }

  AddressMode mode() {
    return mode;
  }

  /** All rows voted the same, so all are credible. */
  boolean unanimous() {
    return unanimous;
  }

  boolean credible(AreaTable table, int row) {
    return hidden(table, row)
        || matchesSize(table, row)
        || mode == AddressMode.HASHED && mayBeHashes(table, row);
  }

  String contradiction(AreaTable table, int row) {
    String distance = Long.toString(distance(table, row));
    return "end - start is " + distance + " bytes but the size is " + table.size(row) + mismatch();
  }

  private String mismatch() {
    return switch (mode) {
      case REAL -> ", and the file shows real addresses";
      case HASHED -> ", and the addresses are too long for hashes";
      case ZEROED, PLACEHOLDER -> ", and the file hides addresses";
      case UNKNOWN -> "";
    };
  }

  /** Neither end is shown, by zeros or by a placeholder. */
  static boolean hidden(AreaTable table, int row) {
    return (table.start(row) | table.end(row)) == 0;
  }

  private static boolean matchesSize(AreaTable table, int row) {
    return distance(table, row) == table.size(row);
  }

  /** An area at the very top ends at address 0, which wraps at the width of an address. */
  private static long distance(AreaTable table, int row) {
    long distance = table.end(row) - table.start(row);
    return table.shown(row) == AreaTable.Shown.DIGITS_32 ? distance & 0xffffffffL : distance;
  }

  private static boolean mayBeHashes(AreaTable table, int row) {
    return (table.start(row) | table.end(row)) >>> 32 == 0;
  }

  private static boolean pageAligned(AreaTable table, int row) {
    return ((table.start(row) | table.end(row)) & OFFSET_IN_PAGE) == 0;
  }
}

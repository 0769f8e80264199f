/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.nio.charset.StandardCharsets;

/**
 * Reads the rows that 64-bit kernels print, as good as all of them, in one method; {@link
 * VmallocinfoParser} reads all others and says what is malformed.
 *
 * <pre>
 * 0xffffb3c1c21a4000-0xffffb3c1c21a9000   20480 dup_task_struct+0x4a/0x1b0 pages=4 vmalloc N0=4
 * 0xffffb3c1c21ac000-0xffffb3c1c21b1000   20480 unpurged vm_area
 * </pre>
 *
 * <p>The idea: the kernel prints the words of a row in one order with one space between. So the
 * eight bytes from a space on tell which word follows, a word is known to end because the next test
 * begins with a space or the newline, and neither newline nor ends of words are searched for, the
 * caller's apart.
 *
 * <p>The trade-off: part of the grammar stands here a second time. Therefore this class never
 * judges: a row with anything unexpected, such as a caller that is not in the dictionary yet, is
 * left to the parser as if nothing had been read.
 *
 * <p>The cost: half the time of the parser's own way, one long method because C1 inlines only what
 * is tiny, and a row that is left to the parser late is read twice.
 */
final class UsualRows {

  /** Not such a row. */
  static final int NONE = -1;

  /** Bytes that must be readable behind a row's newline. */
  static final int REACH = 64;

  /** Modules have 56 characters at most, and may carry taint letters and a build id. */
  private static final int LONGEST_MODULE = 128;

  /** Behind the longest size read here, of 18 digits. */
  private static final int SIZE_END = 38 + 18;

  private static final int MOST_DIGITS = 15;

  private static final long FOUR_BYTES = 0xffffffffL;
  private static final long FIVE_BYTES = 0xffffffffffL;
  private static final long SEVEN_BYTES = 0xffffffffffffffL;

  private static final long HEX = lanes("0x");
  private static final long TO_HEX = lanes("-0x");
  private static final long UNPURGED_1 = lanes(" unpurge");
  private static final long UNPURGED_2 = lanes("d vm_are");
  private static final long UNPURGED_3 = lanes("a\n");
  private static final long VM_MAP_RAM_1 = lanes(" vm_map_");
  private static final long VM_MAP_RAM_2 = lanes("ram\n");
  private static final long MODULE = lanes(" [");
  private static final long PAGES = lanes(" pages=");
  private static final long PHYS = lanes(" phys=0x");
  private static final long IOREMAP = lanes(" ioremap");
  private static final long VMALLOC = lanes(" vmalloc");
  private static final long VMAP = lanes(" vmap");
  private static final long USER = lanes(" user");
  private static final long VPAGES = lanes(" vpages");
  private static final long NODE = lanes(" N");

  private static final int IOREMAP_BIT = AreaFlag.IOREMAP.bit();
  private static final int VMALLOC_BIT = AreaFlag.VMALLOC.bit();
  private static final int VMAP_BIT = AreaFlag.VMAP.bit();
  private static final int USER_BIT = AreaFlag.USER.bit();
  private static final int VPAGES_BIT = AreaFlag.VPAGES.bit();

  private final CallSites callSites;

  /** Eight digits, mostly those of the address before: {@link #upperHalf}. */
  private long upperDigits;

  private long upperValue = -1;

  /**
   * Where the caller read last stands in the text, and its index. The next one is compared with it
   * first, together with the two bytes behind, where a module would begin.
   */
  private int callerFrom;

  private int callerLength;
  private int callSite;

  UsualRows(CallSites callSites) {
    this.callSites = callSites;
  }

  /** Forgets what it knows of the text before. */
  void begin() {
    callerLength = 0;
  }

  /**
   * Adds the row that begins there to the table; its newline and {@link #REACH} bytes behind it are
   * in the text. Returns the index of the newline; {@link #NONE} if it is not such a row, and then
   * the table has the rows it had.
   */
  int read(byte[] text, int from, int lineNumber, AreaTable table) {
    if ((short) Words.eight(text, from) != HEX
        || (Words.eight(text, from + 18) & 0xffffff) != TO_HEX) {
      return NONE;
    }
    long startUpper = upperValue;
    if (Words.eight(text, from + 2) != upperDigits) {
      startUpper = upperHalf(text, from + 2);
    }
    long endUpper = upperValue;
    if (Words.eight(text, from + 21) != upperDigits) {
      endUpper = upperHalf(text, from + 21);
    }
    long startLower = Words.hex8(text, from + 10);
    long endLower = Words.hex8(text, from + 29);

    // A space and seven characters, the size and the spaces before it; digits is 1 where it is.
    long lanes = Words.eight(text, from + 37);
    long digits = lanes >>> 4 & Words.EACH;
    long size = lanes & digits * 0x0f;
    if ((startUpper | startLower | endUpper | endLower) < 0
        || (lanes ^ size) != (0x20 * Words.EACH | digits << 4)
        || (size + 6 * Words.EACH & 0x10 * Words.EACH | digits & 1 | digits << 8 & ~digits) != 0) {
      return NONE;
    }
    size = size * 10 + (size >>> 8) & 0x00ff00ff00ff00ffL;
    size = size * 100 + (size >>> 16) & 0x0000ffff0000ffffL;
    size = size * 10000 + (size >>> 32) & FOUR_BYTES;
    int at = from + 45;
    while (text[at] >= '0' && text[at] <= '9') {
      size = size * 10 + text[at++] - '0';
    }
    if (size == 0 || at - from > SIZE_END) {
      return NONE;
    }

    long word = Words.eight(text, at);
    int site = CallSites.NONE;
    int flags = 0;
    long pages = 0;
    long phys = 0;
    int nodes = 0;
    if (word == UNPURGED_1
        && Words.eight(text, at + 8) == UNPURGED_2
        && (short) Words.eight(text, at + 16) == UNPURGED_3) {
      flags = AreaFlag.UNPURGED.bit();
      at += 17;
    } else if (word == VM_MAP_RAM_1 && (int) Words.eight(text, at + 8) == VM_MAP_RAM_2) {
      flags = AreaFlag.VM_MAP_RAM.bit();
      at += 11;
    } else {
      at = (byte) word == ' ' ? caller(text, at + 1) : NONE;
      if (at == NONE) {
        return NONE;
      }
      site = callSite;
      word = Words.eight(text, at);
      if ((word & SEVEN_BYTES) == PAGES) {
        int first = at += 7;
        while (text[at] >= '0' && text[at] <= '9') {
          pages = pages * 10 + text[at++] - '0';
        }
        if (at == first || at - first > MOST_DIGITS) {
          return NONE;
        }
        word = Words.eight(text, at);
      }
      if (word == PHYS) {
        long upper = Words.hex8(text, at + 8);
        long lower = Words.hex8(text, at + 16);
        if ((upper | lower) < 0) {
          return NONE;
        }
        phys = upper << 32 | lower;
        at += 24;
        word = Words.eight(text, at);
      }
      if (word == IOREMAP) {
        flags = IOREMAP_BIT;
        at += 8;
        word = Words.eight(text, at);
      }
      if (word == VMALLOC) {
        flags |= VMALLOC_BIT;
        at += 8;
        word = Words.eight(text, at);
      }
      if ((word & FIVE_BYTES) == VMAP) {
        flags |= VMAP_BIT;
        at += 5;
        word = Words.eight(text, at);
      }
      if ((word & FIVE_BYTES) == USER) {
        flags |= USER_BIT;
        at += 5;
        word = Words.eight(text, at);
      }
      if ((word & SEVEN_BYTES) == VPAGES) {
        flags |= VPAGES_BIT;
        at += 7;
        word = Words.eight(text, at);
      }
      int last = -1;
      while ((short) word == NODE) {
        int first = at += 2;
        long node = 0;
        while (text[at] >= '0' && text[at] <= '9') {
          node = node * 10 + text[at++] - '0';
        }
        if (at == first || at - first > 9 || node <= last || text[at] != '=') {
          return NONE;
        }
        last = (int) node;
        first = ++at;
        long count = 0;
        while (text[at] >= '0' && text[at] <= '9') {
          count = count * 10 + text[at++] - '0';
        }
        if (at == first || at - first > MOST_DIGITS) {
          return NONE;
        }
        table.appendNode(last, count);
        nodes++;
        word = Words.eight(text, at);
      }
      if ((byte) word != '\n' || pages > size >>> 12) {
        return NONE;
      }
    }
    table.add(
        lineNumber,
        from,
        startUpper << 32 | startLower,
        endUpper << 32 | endLower,
        size,
        site,
        pages,
        phys,
        flags,
        nodes);
    return at;
  }

  /** Finds the caller that begins there, with its module; returns its end or {@link #NONE}. */
  private int caller(byte[] text, int from) {
    if (callerLength > 0 && Words.same(text, from, from + callerLength + 2, text, callerFrom)) {
      return from + callerLength;
    }
    long hash = 0;
    int end = from;
    long word = Words.eight(text, end);
    long blanks;
    while ((blanks = Words.blanks(word)) == 0) {
      hash = Words.mix(hash, word);
      end += Long.BYTES;
      word = Words.eight(text, end);
    }
    hash = Words.finish(Words.mix(hash, word & Words.below(blanks)));
    end += Words.first(blanks);
    if ((short) Words.eight(text, end) == MODULE) {
      int most = Math.min(end + LONGEST_MODULE, text.length);
      end = Math.min(Words.indexOf(']', text, end, most) + 1, most);
      hash = Words.hash(text, from, end);
    }
    int site = callSites.find(text, from, end, (int) hash);
    if (site == CallSites.NONE) {
      return NONE;
    }
    callSite = site;
    callerFrom = from;
    callerLength = end - from;
    return end;
  }

  private long upperHalf(byte[] text, int at) {
    upperDigits = Words.eight(text, at);
    upperValue = Words.hex8(text, at);
    return upperValue;
  }

  private static long lanes(String ascii) {
    byte[] bytes = ascii.getBytes(StandardCharsets.US_ASCII);
    return Words.prefix(bytes, 0, bytes.length);
  }
}

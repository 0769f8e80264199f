/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Text of {@code /proc/vmallocinfo} to an {@link AreaTable}. Works on bytes and allocates nothing
 * once tables and dictionary have grown, because it runs on every host every few seconds.
 *
 * <pre>
 * row     = range size [caller] ["pages=" decimal] ["phys=" hex] {flag | word} {"N" node "=" decimal}
 *         | range size ("vm_map_ram" | "unpurged vm_area")
 * range   = "0x" address "-0x" address         8 or 16 lower-case digits, or a placeholder
 * caller  = symbol "+0x" hex "/0x" hex ["[" module "]"] | symbol ["[" module "]"] | "0x" hex
 * </pre>
 *
 * <p>A line is a row with every field right, or malformed, counted and explained; a row that was
 * guessed would be an alert about nothing. So these are malformed too: a last line without newline,
 * which may be cut short; a row that goes on in the next line, as mail clients leave it, or ends in
 * a space; and a row whose addresses contradict its size, see {@link RowAddresses}. Carriage
 * returns before the newline and longer runs of spaces do no harm. Words we do not know are kept.
 *
 * <p>The first word behind the size is a caller unless it is a flag, a key=value pair or one of the
 * whole-row forms: an unknown flag word on a row without caller would be taken for a symbol. {@code
 * freeing vm_area}, from the first version of the patch that became {@code unpurged vm_area},
 * counts as that.
 *
 * <p>Nearly all rows of a 64-bit host take the short way through {@link UsualRows}; the grammar
 * below reads the others and alone says what is malformed.
 *
 * <p>Reusable; not thread safe. Source: {@code s_show} and {@code show_numa_info} in {@code
 * mm/vmalloc.c}.
 */
public final class VmallocinfoParser {

  private static final int FAILED = -1;
  private static final int LONGEST_DECIMAL = 18;
  private static final int SMALLEST_PAGE_SHIFT = 12;

  private static final byte[] NO_TEXT = {};
  private static final byte[] PAGES = ascii("pages=");
  private static final byte[] PHYS = ascii("phys=");
  private static final byte[] PLACEHOLDERS_64 = ascii("0x(____ptrval____)-0x(____ptrval____)");
  private static final byte[] PLACEHOLDERS_32 = ascii("0x(ptrval)-0x(ptrval)");
  private static final byte[] VM_MAP_RAM = ascii(AreaFlag.VM_MAP_RAM.word());
  private static final byte[] UNPURGED = ascii(AreaFlag.UNPURGED.word());
  private static final byte[] FREEING = ascii("freeing vm_area");

  /** Parts of the whole-row forms: elsewhere they are neither symbols nor unknown words. */
  private static final byte[][] RESERVED_WORDS = {
    VM_MAP_RAM, ascii("unpurged"), ascii("freeing"), ascii("vm_area")
  };

  /** The flags that stand among other words, the frequent ones first. */
  private static final AreaFlag[] FLAGS = {
    AreaFlag.VMALLOC,
    AreaFlag.IOREMAP,
    AreaFlag.VPAGES,
    AreaFlag.VMAP,
    AreaFlag.USER,
    AreaFlag.SPARSE,
    AreaFlag.LOWMEM,
    AreaFlag.DMA_COHERENT
  };

  private static final byte[][] FLAG_WORDS =
      Arrays.stream(FLAGS).map(flag -> ascii(flag.word())).toArray(byte[][]::new);

  private final ParserLimits limits;
  private final CallSites callSites;
  private final UsualRows usualRows;
  private final RowAddresses addresses = new RowAddresses();
  private final RepeatedRows repeatedRows = new RepeatedRows();

  private byte[] text = NO_TEXT;
  private AreaTable table = new AreaTable();

  /** What {@link #decimal} or {@link #hex} read last. */
  private long value;

  private boolean pagesSeen;
  private boolean physSeen;

  /** Why a method returned {@link #FAILED}, and about which bytes. */
  private Defect defect = Defect.EMPTY;

  private int defectFrom;
  private int defectTo;

  public VmallocinfoParser(ParserLimits limits) {
    this.limits = limits;
    this.callSites = new CallSites(limits.callSites());
    this.usualRows = new UsualRows(callSites);
  }

  /** The whole file, text[0, length), in a table of its own. */
  public AreaTable parse(byte[] text, int length) {
    return parse(text, length, new AreaTable());
  }

  /**
   * The whole file, text[0, length), in a table whose rows are replaced. Nothing of the text is
   * held on to, and tables filled before stay valid.
   *
   * @return the table
   */
  public AreaTable parse(byte[] text, int length, AreaTable into) {
    Objects.checkFromIndexSize(0, length, text.length);
    callSites.startAfreshIfOverflowed();
    this.text = text;
    this.table = into;
    table.begin(callSites);
    parseLines(length);
    keepCredibleRows(length);
    this.text = NO_TEXT;
    return into;
  }

  private void parseLines(int length) {
    int number = 0;
    boolean previousIsRow = false;
    int usualEnd = usualEnd(length);
    usualRows.begin();
    for (int from = 0, newline; from < length; from = newline + 1) {
      number++;
      if (from < usualEnd) {
        newline = usualRows.read(text, from, number, table);
        if (newline != UsualRows.NONE) {
          previousIsRow = true;
          continue;
        }
      }
      table.beginRow(number, from);
      newline = Words.indexOf('\n', text, from, length);
      int to = withoutCarriageReturn(from, newline);
      int end = newline < length ? row(from, to) : fail(Defect.CUT_SHORT, from, to);
      if (end == FAILED) {
        if (previousIsRow && continuesRow(from, to)) {
          table.dropLastRow();
          malformed(table.rows(), Defect.CONTINUED, 0, 0, from - 1);
          table.beginRow(number, from);
        }
        malformed(table.rows(), defect, defectFrom, defectTo, newline);
      } else {
        table.keepRow();
      }
      previousIsRow = end != FAILED;
    }
    table.setLines(number);
  }

  /** The lines that begin before this have enough bytes behind them for {@link UsualRows}. */
  private int usualEnd(int length) {
    int end = length - UsualRows.REACH;
    while (end > 0 && text[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private void keepCredibleRows(int length) {
    addresses.count(table);
    AddressMode mode = addresses.mode();
    boolean allCredible = addresses.unanimous();
    int samplesInOrder = table.samples();
    int kept = 0;
    repeatedRows.begin(table.rows());
    for (int row = 0; row < table.rows(); row++) {
      if (!allCredible && !addresses.credible(table, row)) {
        contradictory(row, Words.indexOf('\n', text, table.lineOffset(row), length));
      } else if (mode.identifiesAreas()
          && !RowAddresses.hidden(table, row)
          && repeatedRows.repeats(table, row, kept)) {
        table.countDuplicate();
      } else {
        if (kept < row) {
          table.moveRow(row, kept);
        }
        kept++;
      }
    }
    table.finish(kept, mode, table.samples() > samplesInOrder);
  }

  /** Counts the line of a row, kept or not, that ends at a newline; keeps it if there is room. */
  private void malformed(int row, Defect why, int wordFrom, int wordTo, int newline) {
    table.countMalformed();
    if (table.samples() < limits.malformedSamples()) {
      addSample(row, why.explain(quote(wordFrom, wordTo)), newline);
    }
  }

  private void contradictory(int row, int newline) {
    table.countMalformed();
    if (table.samples() < limits.malformedSamples()) {
      addSample(row, addresses.contradiction(table, row), newline);
    }
  }

  private void addSample(int row, String reason, int newline) {
    int from = table.lineOffset(row);
    String line = quote(from, withoutCarriageReturn(from, newline));
    table.addSample(new MalformedLine(table.lineNumber(row), reason, line));
  }

  /** Whether a line that is no row looks like the rest of one. */
  private boolean continuesRow(int from, int to) {
    int at = skipSpaces(from, to);
    int end = wordEnd(at, to);
    return startsWith(PAGES, at, end)
        || startsWith(PHYS, at, end)
        || end - at > 1 && text[at] == 'N' && isDigit(text[at + 1])
        || end > at && text[at] == '['
        || isFlag(at, end)
        || isReserved(at, end)
        || Caller.parse(quote(at, end)).filter(VmallocinfoParser::unmistakable).isPresent();
  }

  /** Not a function alone, which any word might be. */
  private static boolean unmistakable(Caller caller) {
    return caller.offset() >= 0 || !caller.resolved();
  }

  /** Reads text[from, to) into the table's next row; returns to, or {@link #FAILED}. */
  private int row(int from, int to) {
    pagesSeen = false;
    physSeen = false;
    if (from == to) {
      return fail(Defect.EMPTY, from, to);
    }
    if (text[to - 1] == ' ') {
      return fail(Defect.ENDS_IN_SPACE, from, to);
    }
    int at = range(from, to);
    if (at != FAILED) {
      at = size(at, to);
    }
    if (at == FAILED || at == to) {
      return at;
    }
    at = skipSpaces(at, to);
    if (wholeRowForm(at, to)) {
      return to;
    }
    at = caller(at, to);
    while (at != FAILED && at < to) {
      at = word(skipSpaces(at, to), to);
    }
    if (at != FAILED
        && table.pages(table.rows()) > table.size(table.rows()) >>> SMALLEST_PAGE_SHIFT) {
      return fail(Defect.TOO_MANY_PAGES, from, to);
    }
    return at;
  }

  private int range(int from, int to) {
    int end = wordEnd(from, to);
    boolean wide = end - from == PLACEHOLDERS_64.length;
    if (wide || end - from == PLACEHOLDERS_32.length) {
      int dash = (from + end) / 2;
      boolean twoWords = text[dash] == '-' && hasPrefix(from) && hasPrefix(dash + 1);
      if (twoWords && hex(from + 2, dash) != FAILED) {
        long start = value;
        if (hex(dash + 3, end) != FAILED) {
          table.setRange(
              wide ? AreaTable.Shown.DIGITS_64 : AreaTable.Shown.DIGITS_32, start, value);
          return end;
        }
      }
    }
    if (is(PLACEHOLDERS_64, from, end) || is(PLACEHOLDERS_32, from, end)) {
      table.setRange(AreaTable.Shown.PLACEHOLDER, 0, 0);
      return end;
    }
    return fail(noRange(from, end), from, end);
  }

  private Defect noRange(int from, int to) {
    int dash = Words.indexOf('-', text, from, to);
    if (to - from < 2 || text[from] != '0' || dash == to) {
      return Defect.NO_RANGE;
    }
    boolean tooLong = dash - from > 18 || to - dash > 19;
    return tooLong ? Defect.ADDRESS_TOO_LONG : Defect.BAD_ADDRESS;
  }

  private boolean hasPrefix(int at) {
    return text[at] == '0' && text[at + 1] == 'x';
  }

  private int size(int rangeEnd, int to) {
    if (rangeEnd == to) {
      return fail(Defect.NO_SIZE, rangeEnd, to);
    }
    int at = skipSpaces(rangeEnd, to);
    int end = decimal(at, to);
    if (end == FAILED || value == 0 || !endsWord(end, to)) {
      return fail(Defect.BAD_SIZE, at, wordEnd(at, to));
    }
    table.setSize(value);
    return end;
  }

  private boolean wholeRowForm(int at, int to) {
    if (is(UNPURGED, at, to) || is(FREEING, at, to)) {
      return table.addFlag(AreaFlag.UNPURGED.bit());
    }
    return is(VM_MAP_RAM, at, to) && table.addFlag(AreaFlag.VM_MAP_RAM.bit());
  }

  /** Reads the caller and its module if there is one, else stays where it is. */
  private int caller(int at, int to) {
    int wordEnd = wordEnd(at, to);
    if (hasPrefix(at)) {
      return rawCaller(at, wordEnd);
    }
    int end = wordEnd;
    if (end + 1 < to && text[end + 1] == '[') {
      end = Words.indexOf(']', text, end, to) + 1;
      if (end > to || !endsWord(end, to)) {
        return fail(Defect.BAD_MODULE, wordEnd + 1, to);
      }
    }
    int callSite = callSites.find(text, at, end, Words.hash(text, at, end));
    if (callSite == CallSites.NONE) {
      if (isFlagOrPair(at, wordEnd)) {
        return at;
      }
      callSite = isReserved(at, wordEnd) ? CallSites.NONE : callSites.add(text, at, end);
    }
    if (callSite == CallSites.NONE) {
      return fail(Defect.BAD_CALLER, at, end);
    }
    table.setCallSite(callSite);
    return end;
  }

  private int rawCaller(int from, int to) {
    int digits = to - from - 2;
    if (digits < 1 || digits > 16 || hex(from + 2, to) == FAILED) {
      return fail(Defect.BAD_CALLER, from, to);
    }
    table.setRawCaller(value, digits);
    return to;
  }

  private boolean isFlagOrPair(int from, int to) {
    return isFlag(from, to) || Words.indexOf('=', text, from, to) < to;
  }

  /** Reads the word that begins there; returns its end. */
  private int word(int at, int to) {
    if (startsWith(PAGES, at, to)) {
      return pages(at, to);
    }
    if (to - at > 1 && text[at] == 'N' && isDigit(text[at + 1])) {
      return nodePages(at, to);
    }
    int end = wordEnd(at, to);
    int flag = flagIndex(at, end);
    if (flag >= 0) {
      return table.addFlag(FLAGS[flag].bit()) ? end : fail(Defect.REPEATED, at, end);
    }
    return startsWith(PHYS, at, to) ? phys(at, end) : unknownWord(at, end);
  }

  private int pages(int from, int to) {
    int end = decimal(from + PAGES.length, to);
    if (end == FAILED || !endsWord(end, to)) {
      return fail(Defect.BAD_PAGES, from, wordEnd(from, to));
    }
    if (pagesSeen) {
      return fail(Defect.REPEATED, from, end);
    }
    pagesSeen = true;
    table.setPages(value);
    return end;
  }

  private int phys(int from, int to) {
    int digits = from + PHYS.length;
    if (to - digits > 2 && hasPrefix(digits)) {
      digits += 2;
    }
    if (to - digits > 16 || hex(digits, to) == FAILED) {
      return fail(Defect.BAD_PHYS, from, to);
    }
    if (physSeen) {
      return fail(Defect.REPEATED, from, to);
    }
    physSeen = true;
    table.setPhys(value);
    return to;
  }

  private int nodePages(int from, int to) {
    int equals = decimal(from + 1, to);
    long node = value;
    boolean isNode = equals != FAILED && equals < to && text[equals] == '=';
    int end = isNode ? decimal(equals + 1, to) : FAILED;
    if (end == FAILED || !endsWord(end, to) || node > Integer.MAX_VALUE) {
      return fail(Defect.BAD_NODE, from, wordEnd(from, to));
    }
    return table.addNode((int) node, value) ? end : fail(Defect.NODE_ORDER, from, end);
  }

  /** A word of a vendor or of a kernel to come. Narrow, or two rows run together would pass. */
  private int unknownWord(int from, int to) {
    int equals = Words.indexOf('=', text, from, to);
    boolean fine = isLetter(text[from]) && equals != to - 1 && !isReserved(from, to);
    for (int at = from; at < equals; at++) {
      fine &= isLetter(text[at]) || isDigit(text[at]) || text[at] == '-';
    }
    for (int at = equals + 1; at < to; at++) {
      fine &= text[at] > ' ' && text[at] <= '~';
    }
    if (!fine) {
      return fail(Defect.BAD_WORD, from, to);
    }
    table.addWord(text, from, to);
    return to;
  }

  private boolean isFlag(int from, int to) {
    return flagIndex(from, to) >= 0;
  }

  /** Which of {@link #FLAGS} text[from, to) is; -1 if none. */
  private int flagIndex(int from, int to) {
    for (int i = 0; i < FLAGS.length; i++) {
      if (is(FLAG_WORDS[i], from, to)) {
        return i;
      }
    }
    return -1;
  }

  private boolean endsWord(int end, int to) {
    return end == to || text[end] == ' ';
  }

  private boolean isReserved(int from, int to) {
    for (byte[] word : RESERVED_WORDS) {
      if (is(word, from, to)) {
        return true;
      }
    }
    return false;
  }

  /** Reads decimal digits up to 10^18 into {@link #value}; at least one. */
  private int decimal(int from, int to) {
    int at = from;
    long sum = 0;
    while (at < to && isDigit(text[at])) {
      sum = sum * 10 + text[at] - '0';
      at++;
    }
    value = sum;
    return at == from || at - from > LONGEST_DECIMAL ? FAILED : at;
  }

  /** Reads text[from, to), at most 16 digits, into {@link #value}. */
  private int hex(int from, int to) {
    long sum = 0;
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long eight = Words.hex8(text, at);
      if (eight < 0) {
        return FAILED;
      }
      sum = sum << 32 | eight;
    }
    for (; at < to; at++) {
      byte c = text[at];
      if (!isDigit(c) && (c < 'a' || c > 'f')) {
        return FAILED;
      }
      sum = sum << 4 | (isDigit(c) ? c - '0' : c - 'a' + 10);
    }
    value = sum;
    return from == to ? FAILED : to;
  }

  private int fail(Defect why, int from, int to) {
    defect = why;
    defectFrom = from;
    defectTo = to;
    return FAILED;
  }

  private String quote(int from, int to) {
    int length = Math.min(to - from, MalformedLine.MAX_TEXT + 1);
    return new String(text, from, length, StandardCharsets.ISO_8859_1);
  }

  private int withoutCarriageReturn(int from, int to) {
    return to > from && text[to - 1] == '\r' ? to - 1 : to;
  }

  private int skipSpaces(int from, int to) {
    int at = from;
    while (at < to && text[at] == ' ') {
      at++;
    }
    return at;
  }

  private int wordEnd(int from, int to) {
    return Words.indexOf(' ', text, from, to);
  }

  private boolean is(byte[] word, int from, int to) {
    return to - from == word.length && Words.same(text, from, to, word, 0);
  }

  private boolean startsWith(byte[] word, int from, int to) {
    return to - from >= word.length && Words.same(text, from, from + word.length, word, 0);
  }

  private static boolean isDigit(byte c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(byte c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
  }

  private static byte[] ascii(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.vmallocinfo;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The areas of one file in columns, in file order, which is not address order. Filled by {@link
 * VmallocinfoParser#parse}, and again by the next call that is given this table; rows cost about 80
 * bytes and no object. Row indices run from 0 to {@link #rows} - 1.
 */
public final class AreaTable {

  private static final int FLAGS = 0xffff;
  private static final int SHOWN_SHIFT = 16;
  private static final int RAW_DIGITS_SHIFT = 24;

  /** What stands where the addresses should: decides, over all rows, what mode the file is in. */
  enum Shown {
    DIGITS_64,
    DIGITS_32,
    PLACEHOLDER;

    private static final Shown[] ALL = values();
  }

  private int rows;
  private int[] lineNumber = new int[0];
  private int[] lineOffset = new int[0];
  private long[] start = new long[0];
  private long[] end = new long[0];
  private long[] size = new long[0];
  private int[] callSite = new int[0];
  private long[] rawCaller = new long[0];
  private long[] pages = new long[0];
  private long[] phys = new long[0];

  /** Flag bits, {@link Shown} and the digits of a raw caller. */
  private int[] marks = new int[0];

  private int[] numaFrom = new int[0];
  private int[] numaCount = new int[0];
  private int[] wordsFrom = new int[0];
  private int[] wordsLength = new int[0];

  private int numaUsed;
  private int[] numaNode = new int[0];
  private long[] numaPages = new long[0];

  /** Unknown words, copied because the text belongs to somebody else; a space between two. */
  private byte[] words = new byte[0];

  private int wordsUsed;

  private CallSites callSites;
  private int generation;
  private AddressMode mode = AddressMode.UNKNOWN;
  private int lines;
  private int malformed;
  private int duplicates;
  private final List<MalformedLine> malformedLines = new ArrayList<>();

  /** Areas kept. */
  public int rows() {
    return rows;
  }

  /** Lines of the file: rows, malformed lines and duplicates together. */
  public int lines() {
    return lines;
  }

  /** Lines that are no row we understand, or contradict themselves. */
  public int malformed() {
    return malformed;
  }

  /** Some of them in file order, as many as {@link ParserLimits#malformedSamples} allows. */
  public List<MalformedLine> malformedLines() {
    return List.copyOf(malformedLines);
  }

  /**
   * Rows dropped because an earlier one was the same. Kernels before 6.9 print them when the list
   * changes between two reads.
   */
  public int duplicates() {
    return duplicates;
  }

  public AddressMode mode() {
    return mode;
  }

  /** The dictionary behind {@link #callSite}, shared by all tables of one parser. */
  public CallSites callSites() {
    return callSites;
  }

  /** {@link CallSites#generation} when this table was filled. */
  public int generation() {
    return generation;
  }

  /** Line in the file, from 1. */
  public int lineNumber(int row) {
    return lineNumber[row];
  }

  /** First address, unsigned; a hash or 0 where the mode says so. */
  public long start(int row) {
    return start[row];
  }

  /** First address behind, unsigned; a hash or 0 where the mode says so. */
  public long end(int row) {
    return end[row];
  }

  /** Bytes of address space, guard page included, from 1. */
  public long size(int row) {
    return size[row];
  }

  /** Index into {@link #callSites}; {@link CallSites#NONE} where the kernel prints no caller. */
  public int callSite(int row) {
    return callSite[row];
  }

  /** The kernel address printed instead of a function, a secret; 0 where there is none. */
  public long rawCaller(int row) {
    return rawCaller[row];
  }

  /** Base pages of memory the area owns; 0 where none is printed. */
  public long pages(int row) {
    return pages[row];
  }

  /** Physical address, unsigned; 0 where none is printed. */
  public long phys(int row) {
    return phys[row];
  }

  /** Bits of {@link AreaFlag}. */
  public int flags(int row) {
    return marks[row] & FLAGS;
  }

  public AreaKind kind(int row) {
    return AreaKind.of(flags(row), pages[row], callSites.caller(callSite[row]));
  }

  /** How many NUMA nodes the row lists, from 0. */
  public int nodes(int row) {
    return numaCount[row];
  }

  /** Id of the i-th node listed, ascending, with holes. */
  public int node(int row, int i) {
    return numaNode[numaFrom[row] + i];
  }

  /** Base pages on the i-th node listed. */
  public long nodePages(int row, int i) {
    return numaPages[numaFrom[row] + i];
  }

  /** Words and key=value pairs we do not know, as printed; almost always empty. */
  public List<String> words(int row) {
    if (wordsLength[row] == 0) {
      return List.of();
    }
    String joined = new String(words, wordsFrom[row], wordsLength[row], StandardCharsets.US_ASCII);
    return List.of(joined.split(" "));
  }

  /** One row as a record, faithful to the text: a raw caller is shown. */
  public VmallocArea area(int row) {
    SortedMap<Integer, Long> pagesByNode = new TreeMap<>();
    for (int i = 0; i < nodes(row); i++) {
      pagesByNode.put(node(row, i), nodePages(row, i));
    }
    return new VmallocArea(
        start[row],
        end[row],
        size[row],
        faithfulCaller(row),
        pages[row],
        phys[row],
        AreaFlag.of(flags(row)),
        words(row),
        pagesByNode);
  }

  private Caller faithfulCaller(int row) {
    if (callSite[row] != CallSites.UNRESOLVED) {
      return callSites.caller(callSite[row]);
    }
    String hex = Long.toHexString(rawCaller[row]);
    int digits = marks[row] >>> RAW_DIGITS_SHIFT;
    return Caller.unresolved("0x" + "0".repeat(digits - hex.length()) + hex);
  }

  // Filling, by the parser: begin, then add for each row that is read at once; for each other line
  // beginRow, the fields, and keepRow if all is well.

  void begin(CallSites sites) {
    callSites = sites;
    generation = sites.generation();
    mode = AddressMode.UNKNOWN;
    rows = 0;
    numaUsed = 0;
    wordsUsed = 0;
    lines = 0;
    malformed = 0;
    duplicates = 0;
    malformedLines.clear();
  }

  /** Prepares the next row; it counts only once kept. */
  void beginRow(int number, int offset) {
    if (rows == lineNumber.length) {
      grow(Math.max(256, 2 * rows));
    }
    int row = rows;
    lineNumber[row] = number;
    lineOffset[row] = offset;
    callSite[row] = CallSites.NONE;
    rawCaller[row] = 0;
    pages[row] = 0;
    phys[row] = 0;
    numaFrom[row] = numaUsed;
    numaCount[row] = 0;
    wordsFrom[row] = wordsUsed;
    wordsLength[row] = 0;
  }

  void setRange(Shown shown, long from, long to) {
    marks[rows] = shown.ordinal() << SHOWN_SHIFT;
    start[rows] = from;
    end[rows] = to;
  }

  void setSize(long bytes) {
    size[rows] = bytes;
  }

  void setCallSite(int index) {
    callSite[rows] = index;
  }

  void setRawCaller(long address, int digits) {
    callSite[rows] = CallSites.UNRESOLVED;
    rawCaller[rows] = address;
    marks[rows] |= digits << RAW_DIGITS_SHIFT;
  }

  void setPages(long count) {
    pages[rows] = count;
  }

  void setPhys(long address) {
    phys[rows] = address;
  }

  /** Sets a flag; false if it was set. */
  boolean addFlag(int bit) {
    boolean fresh = (marks[rows] & bit) == 0;
    marks[rows] |= bit;
    return fresh;
  }

  /** Adds a node; false if it does not stand behind the last one. */
  boolean addNode(int node, long count) {
    if (numaCount[rows] > 0 && node <= numaNode[numaUsed - 1]) {
      return false;
    }
    appendNode(node, count);
    numaCount[rows]++;
    return true;
  }

  void addWord(byte[] text, int from, int to) {
    int needed = wordsUsed + 1 + to - from;
    if (needed > words.length) {
      words = Arrays.copyOf(words, Math.max(needed, 2 * words.length));
    }
    if (wordsLength[rows] > 0) {
      words[wordsUsed++] = ' ';
    }
    System.arraycopy(text, from, words, wordsUsed, to - from);
    wordsUsed += to - from;
    wordsLength[rows] = wordsUsed - wordsFrom[rows];
  }

  /** Adds a row whose addresses are 16 digits and whose nodes were appended just before. */
  void add(
      int number,
      int offset,
      long from,
      long to,
      long bytes,
      int caller,
      long pageCount,
      long address,
      int flags,
      int nodes) {
    int row = rows;
    if (row == lineNumber.length) {
      grow(Math.max(256, 2 * row));
    }
    lineNumber[row] = number;
    lineOffset[row] = offset;
    start[row] = from;
    end[row] = to;
    size[row] = bytes;
    callSite[row] = caller;
    rawCaller[row] = 0;
    pages[row] = pageCount;
    phys[row] = address;
    marks[row] = Shown.DIGITS_64.ordinal() << SHOWN_SHIFT | flags;
    numaFrom[row] = numaUsed - nodes;
    numaCount[row] = nodes;
    wordsFrom[row] = wordsUsed;
    wordsLength[row] = 0;
    rows = row + 1;
  }

  /** Adds a node of the next row, which need not come to be. */
  void appendNode(int node, long count) {
    if (numaUsed == numaNode.length) {
      int capacity = Math.max(256, 2 * numaUsed);
      numaNode = Arrays.copyOf(numaNode, capacity);
      numaPages = Arrays.copyOf(numaPages, capacity);
    }
    numaNode[numaUsed] = node;
    numaPages[numaUsed] = count;
    numaUsed++;
  }

  void keepRow() {
    rows++;
  }

  void dropLastRow() {
    rows--;
  }

  void countMalformed() {
    malformed++;
  }

  void addSample(MalformedLine line) {
    malformedLines.add(line);
  }

  int samples() {
    return malformedLines.size();
  }

  void countDuplicate() {
    duplicates++;
  }

  void setLines(int count) {
    lines = count;
  }

  /** Moves a row to an earlier index. */
  void moveRow(int from, int to) {
    lineNumber[to] = lineNumber[from];
    lineOffset[to] = lineOffset[from];
    start[to] = start[from];
    end[to] = end[from];
    size[to] = size[from];
    callSite[to] = callSite[from];
    rawCaller[to] = rawCaller[from];
    pages[to] = pages[from];
    phys[to] = phys[from];
    marks[to] = marks[from];
    numaFrom[to] = numaFrom[from];
    numaCount[to] = numaCount[from];
    wordsFrom[to] = wordsFrom[from];
    wordsLength[to] = wordsLength[from];
  }

  void finish(int rowsKept, AddressMode detected, boolean samplesOutOfOrder) {
    rows = rowsKept;
    mode = detected;
    if (samplesOutOfOrder) {
      malformedLines.sort(Comparator.comparingInt(MalformedLine::lineNumber));
    }
  }

  int lineOffset(int row) {
    return lineOffset[row];
  }

  Shown shown(int row) {
    return Shown.ALL[marks[row] >>> SHOWN_SHIFT & 0xff];
  }

  private void grow(int capacity) {
    lineNumber = Arrays.copyOf(lineNumber, capacity);
    lineOffset = Arrays.copyOf(lineOffset, capacity);
    start = Arrays.copyOf(start, capacity);
    end = Arrays.copyOf(end, capacity);
    size = Arrays.copyOf(size, capacity);
    callSite = Arrays.copyOf(callSite, capacity);
    rawCaller = Arrays.copyOf(rawCaller, capacity);
    pages = Arrays.copyOf(pages, capacity);
    phys = Arrays.copyOf(phys, capacity);
    marks = Arrays.copyOf(marks, capacity);
    numaFrom = Arrays.copyOf(numaFrom, capacity);
    numaCount = Arrays.copyOf(numaCount, capacity);
    wordsFrom = Arrays.copyOf(wordsFrom, capacity);
    wordsLength = Arrays.copyOf(wordsLength, capacity);
  }
}

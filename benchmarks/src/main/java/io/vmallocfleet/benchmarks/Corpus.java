/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The file of a host with as many areas as wanted: a capture, then varied copies of it. A copy has
 * addresses of its own, its callers carry one of ten endings, so that a large host has some 300 of
 * them, and every other copy lives on a second NUMA node. Modules and percpu chunks are not copied:
 * their windows are small.
 *
 * @param text all rows, each ending in a newline
 */
record Corpus(byte[] text, int rows) {

  /** Further apart than the vmalloc areas of a capture. */
  private static final long COPY_BYTES = 1L << 36;

  /** Above are percpu chunks and modules. */
  private static final long VMALLOC_END = 0xffffe00000000000L;

  private static final int ENDINGS = 10;

  static Corpus of(Capture capture, int rows) {
    List<String> captured = capture.rows();
    StringBuilder text = new StringBuilder();
    int written = 0;
    for (int copy = 0; written < rows; copy++) {
      for (int i = 0; i < captured.size() && written < rows; i++) {
        String row = captured.get(i);
        if (copy == 0 || isCopied(capture, row)) {
          text.append(copy == 0 ? row : varied(capture, row, copy)).append('\n');
          written++;
        }
      }
    }
    Corpus corpus = new Corpus(text.toString().getBytes(StandardCharsets.ISO_8859_1), rows);
    corpus.table(capture);
    return corpus;
  }

  /** The rows parsed, every one of them. */
  AreaTable table(Capture capture) {
    AreaTable table = new VmallocinfoParser(ParserLimits.longRunning()).parse(text, text.length);
    if (table.rows() != rows || table.mode() != capture.mode()) {
      throw new IllegalStateException(
          "expected "
              + rows
              + " rows of mode "
              + capture.mode()
              + " but parsed "
              + table.rows()
              + " of mode "
              + table.mode()
              + ", malformed: "
              + table.malformedLines());
    }
    return table;
  }

  private static boolean isCopied(Capture capture, String row) {
    return switch (capture) {
      case LINUX_5_8 -> Long.compareUnsigned(address(row, 2), VMALLOC_END) < 0;
      case LINUX_6_18_HASHED, LINUX_6_18_ZEROED -> true;
    };
  }

  private static String varied(Capture capture, String row, int copy) {
    String rest = row.substring(37);
    return String.format(
        "0x%016x-0x%016x%s",
        moved(capture, address(row, 2), copy),
        moved(capture, address(row, 21), copy),
        rest.replaceFirst("\\+0x", "_" + copy % ENDINGS + "+0x")
            .replaceFirst(" N0=", " N" + copy % 2 + "="));
  }

  private static long address(String row, int at) {
    return Long.parseUnsignedLong(row, at, at + 16, 16);
  }

  private static long moved(Capture capture, long address, int copy) {
    return switch (capture) {
      case LINUX_5_8 -> address + copy * COPY_BYTES;
      // Equal hashes stay equal, as the ends of neighbours are.
      case LINUX_6_18_HASHED -> address * (2L * copy + 1) & 0xffffffffL;
      case LINUX_6_18_ZEROED -> address;
    };
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** One file to a table, as every few seconds on every host; and as one writes it at first. */
@State(Scope.Thread)
public class ParserBenchmark {

  private static final Pattern ROW =
      Pattern.compile(
          "0x([0-9a-f]+)-0x([0-9a-f]+) +(\\d+)(?: (\\S+\\+0x\\S+(?: \\[.*?])?))?"
              + "(?: pages=(\\d+))?(?: phys=0x([0-9a-f]+))?(.*)");

  @Param Capture capture;

  @Param({"1000", "50000"})
  int rows;

  private byte[] text;
  private final VmallocinfoParser parser = new VmallocinfoParser(ParserLimits.longRunning());
  private final AreaTable table = new AreaTable();

  /** What a naive parser makes of a row. */
  record Row(long start, long end, long size, String caller, long pages, long phys, String rest) {}

  @Setup
  public void setUp() {
    text = Corpus.of(capture, rows).text();
  }

  /** The file was just read into a buffer that is used again, so the table is too. */
  @Benchmark
  public AreaTable parse() {
    return parser.parse(text, text.length, table);
  }

  /** The ceiling: each byte is looked at once, eight at a time. */
  @Benchmark
  public long sumOfLongs() {
    return Ceiling.sumOfLongs(text);
  }

  @Benchmark
  public void readerAndSplit(Blackhole sink) throws IOException {
    eachLine(sink, ParserBenchmark::split);
  }

  @Benchmark
  public void readerAndRegex(Blackhole sink) throws IOException {
    eachLine(sink, ParserBenchmark::match);
  }

  private void eachLine(Blackhole sink, Function<String, Row> parse) throws IOException {
    Reader bytes = new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.US_ASCII);
    try (BufferedReader reader = new BufferedReader(bytes)) {
      String line;
      while ((line = reader.readLine()) != null) {
        sink.consume(parse.apply(line));
      }
    }
  }

  private static Row split(String line) {
    String[] words = line.split(" +");
    String[] ends = words[0].split("-");
    long pages = 0;
    long phys = 0;
    StringBuilder rest = new StringBuilder();
    for (int i = 3; i < words.length; i++) {
      if (words[i].startsWith("pages=")) {
        pages = Long.parseLong(words[i].substring("pages=".length()));
      } else if (words[i].startsWith("phys=0x")) {
        phys = hex(words[i].substring("phys=0x".length()));
      } else {
        rest.append(words[i]).append(' ');
      }
    }
    return new Row(
        hex(ends[0].substring(2)),
        hex(ends[1].substring(2)),
        Long.parseLong(words[1]),
        words[2],
        pages,
        phys,
        rest.toString());
  }

  private static Row match(String line) {
    Matcher row = ROW.matcher(line);
    if (!row.matches()) {
      throw new IllegalStateException("the pattern does not know this row: " + line);
    }
    return new Row(
        hex(row.group(1)),
        hex(row.group(2)),
        Long.parseLong(row.group(3)),
        row.group(4),
        row.group(5) == null ? 0 : Long.parseLong(row.group(5)),
        row.group(6) == null ? 0 : hex(row.group(6)),
        row.group(7));
  }

  private static long hex(String digits) {
    return Long.parseUnsignedLong(digits, 16);
  }
}

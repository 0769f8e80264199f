/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.Caller;
import io.vmallocfleet.agent.vmallocinfo.MalformedLine;
import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * The lines of a file as JSON, one object a line, in file order and all of them.
 *
 * <pre>{@code
 * {"line":7,"start":"0xffffb3c1c0010000","end":"0xffffb3c1c0015000","size":20480,
 *  "caller":"dup_task_struct+0x4a/0x1b0","function":"dup_task_struct","offset":"0x4a",
 *  "functionSize":"0x1b0","module":null,"pages":4,"phys":null,"flags":["vmalloc"],"unknown":[],
 *  "numa":{"0":4},"kind":"VMALLOC","malformed":false,"reason":null,"text":null}
 * }</pre>
 *
 * Every object has every field, null where the kernel prints nothing. Numbers in hex are strings as
 * they stand in the file, so that 32-bit rows, hashes and placeholders can be told apart; {@code
 * caller} is the caller as printed, {@code function} its name without compiler suffix. A line that
 * is no row is {@code malformed}, with the reason and its text. A row that repeats an earlier one
 * is there with the reason, not malformed. Only ASCII is written.
 */
final class RowJson implements Closeable {
  private static final int LINES_BETWEEN_CHECKS = 256;
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final VmallocinfoText text;
  private final AreaTable table;
  private final PrintWriter out;
  private final JsonGenerator json;

  RowJson(VmallocinfoText text, AreaTable table, PrintWriter out) throws IOException {
    this.text = text;
    this.table = table;
    this.out = out;
    this.json = JSON.createGenerator(out);
    json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
    json.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
  }

  /** Writes all lines, or as many as somebody reads ({@code | head}). */
  void write() throws IOException {
    Map<Integer, MalformedLine> malformed = new HashMap<>();
    table.malformedLines().forEach(line -> malformed.put(line.lineNumber(), line));
    int row = 0;
    int number = 0;
    for (int from = 0, newline; from < text.length(); from = newline + 1) {
      newline = endOfLine(from);
      String line = new String(text.bytes(), from, newline - from, StandardCharsets.ISO_8859_1);
      number++;
      if (number % LINES_BETWEEN_CHECKS == 0 && out.checkError()) {
        return;
      }
      if (malformed.containsKey(number)) {
        writeMalformed(malformed.get(number));
      } else if (row < table.rows() && table.lineNumber(row) == number) {
        writeRow(number, line, table.area(row), null);
        row++;
      } else {
        writeRepeated(number, line);
      }
    }
    json.flush();
  }

  @Override
  public void close() throws IOException {
    json.close();
  }

  private int endOfLine(int from) {
    int at = from;
    while (at < text.length() && text.bytes()[at] != '\n') {
      at++;
    }
    return at;
  }

  /** The table has dropped it; its line alone parses as well. */
  private void writeRepeated(int number, String line) throws IOException {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.ISO_8859_1);
    VmallocArea area = new VmallocinfoText("", bytes, bytes.length).parse().area(0);
    writeRow(number, line, area, "the row repeats an earlier one, as kernels before 6.9 do");
  }

  private void writeRow(int number, String line, VmallocArea area, String reason)
      throws IOException {
    Caller caller = area.caller();
    boolean named = caller.resolved();
    String range = line.substring(0, line.indexOf(' '));
    int dash = range.indexOf("-0x");
    json.writeStartObject();
    json.writeNumberField("line", number);
    json.writeStringField("start", range.substring(0, dash));
    json.writeStringField("end", range.substring(dash + 1));
    json.writeNumberField("size", area.size());
    string("caller", caller.text());
    string("function", caller.function());
    string("offset", named && caller.offset() >= 0 ? hex(caller.offset()) : "");
    string("functionSize", named && caller.functionSize() >= 0 ? hex(caller.functionSize()) : "");
    string("module", caller.module());
    if (area.pages() == 0) {
      json.writeNullField("pages");
    } else {
      json.writeNumberField("pages", area.pages());
    }
    string("phys", area.phys() == 0 ? "" : phys(line));
    json.writeArrayFieldStart("flags");
    for (AreaFlag flag : area.flags()) {
      json.writeString(flag.word());
    }
    json.writeEndArray();
    json.writeArrayFieldStart("unknown");
    for (String word : area.words()) {
      json.writeString(word);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("numa");
    for (Map.Entry<Integer, Long> node : area.pagesByNode().entrySet()) {
      json.writeNumberField(node.getKey().toString(), node.getValue());
    }
    json.writeEndObject();
    json.writeStringField("kind", area.kind().name());
    json.writeBooleanField("malformed", false);
    string("reason", reason == null ? "" : reason);
    json.writeNullField("text");
    json.writeEndObject();
  }

  private void writeMalformed(MalformedLine line) throws IOException {
    json.writeStartObject();
    json.writeNumberField("line", line.lineNumber());
    for (String field :
        new String[] {
          "start",
          "end",
          "size",
          "caller",
          "function",
          "offset",
          "functionSize",
          "module",
          "pages",
          "phys"
        }) {
      json.writeNullField(field);
    }
    json.writeArrayFieldStart("flags");
    json.writeEndArray();
    json.writeArrayFieldStart("unknown");
    json.writeEndArray();
    json.writeObjectFieldStart("numa");
    json.writeEndObject();
    json.writeNullField("kind");
    json.writeBooleanField("malformed", true);
    json.writeStringField("reason", line.reason());
    json.writeStringField("text", line.text());
    json.writeEndObject();
  }

  private void string(String name, String value) throws IOException {
    if (value.isEmpty()) {
      json.writeNullField(name);
    } else {
      json.writeStringField(name, value);
    }
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** As printed: with or without 0x and padding, which tells kernels before 4.11. */
  private static String phys(String line) {
    int from = line.indexOf(" phys=") + " phys=".length();
    int end = line.indexOf(' ', from);
    return (end < 0 ? line.substring(from) : line.substring(from, end)).strip();
  }
}

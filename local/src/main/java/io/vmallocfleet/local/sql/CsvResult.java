/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Comma-separated values (RFC 4180) under a line of column names; NULL is an empty field. */
final class CsvResult implements ResultReceiver {
  private final PrintWriter out;
  private final boolean changes;

  CsvResult(PrintWriter out, boolean changes) {
    this.out = out;
    this.changes = changes;
  }

  @Override
  public String rowFormat() {
    return "PLAIN_TEXT";
  }

  @Override
  public void begin(List<Column> columns, boolean query) {
    line("op", columns.stream().map(Column::name));
  }

  @Override
  public void row(String kind, List<JsonNode> fields) {
    line(kind, fields.stream().map(f -> f.isNull() ? "" : f.asText()));
  }

  @Override
  public void end() {
    out.flush();
  }

  private void line(String kind, Stream<String> fields) {
    Stream<String> all = changes ? Stream.concat(Stream.of(kind), fields) : fields;
    out.print(all.map(CsvResult::quoted).collect(Collectors.joining(",", "", "\n")));
    if (changes) {
      out.flush();
    }
  }

  private static String quoted(String field) {
    return field.matches("(?s).*[\",\r\n].*") ? "\"" + field.replace("\"", "\"\"") + "\"" : field;
  }
}

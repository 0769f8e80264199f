/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.List;

/** One JSON object a row and line. */
final class JsonResult implements ResultReceiver {
  private final PrintWriter out;
  private final boolean changes;
  private List<Column> columns = List.of();

  JsonResult(PrintWriter out, boolean changes) {
    this.out = out;
    this.changes = changes;
  }

  @Override
  public String rowFormat() {
    return "JSON";
  }

  @Override
  public void begin(List<Column> resultColumns, boolean query) {
    columns = resultColumns;
  }

  @Override
  public void row(String kind, List<JsonNode> fields) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    if (changes) {
      row.put("op", kind);
    }
    for (int i = 0; i < columns.size(); i++) {
      row.set(columns.get(i).name(), fields.get(i));
    }
    out.println(row);
    if (changes) {
      out.flush();
    }
  }

  @Override
  public void end() {
    out.flush();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.utils.print.PrintStyle;
import org.apache.flink.table.utils.print.TableauStyle;
import org.apache.flink.types.RowKind;

/**
 * A table with borders, as Flink's own client prints it. A result that ends is printed at its end,
 * with columns as wide as they need; one that may not is printed row by row.
 */
final class TableResult implements ResultReceiver {
  private static final int WIDEST_COLUMN = 300;
  private static final int STREAMED_COLUMN = 30;

  private final PrintWriter out;
  private final boolean changes;
  private final List<RowData> rows = new ArrayList<>();
  private TableauStyle style;
  private long count;
  private boolean query;

  TableResult(PrintWriter out, boolean changes) {
    this.out = out;
    this.changes = changes;
  }

  @Override
  public String rowFormat() {
    return "PLAIN_TEXT";
  }

  @Override
  public void begin(List<Column> columns, boolean isQuery) {
    query = isQuery;
    var schema =
        ResolvedSchema.physical(
            columns.stream().map(Column::name).toList(),
            columns.stream().map(c -> DataTypes.STRING()).toList());
    if (isStreamed()) {
      style =
          PrintStyle.tableauWithTypeInferredColumnWidths(
              schema, TableResult::texts, STREAMED_COLUMN, false, true);
      style.printBorderLine(out);
      style.printColumnNamesTableauRow(out);
      style.printBorderLine(out);
      out.flush();
    } else {
      style =
          PrintStyle.tableauWithDataInferredColumnWidths(
              schema, TableResult::texts, WIDEST_COLUMN, false, false);
    }
  }

  @Override
  public void row(String kind, List<JsonNode> fields) {
    var row = new GenericRowData(RowKind.valueOf(kind), fields.size());
    for (int i = 0; i < fields.size(); i++) {
      row.setField(i, fields.get(i).isNull() ? "<NULL>" : fields.get(i).asText());
    }
    count++;
    if (isStreamed()) {
      style.printTableauRow(style.rowFieldsToString(row), out);
      out.flush();
    } else {
      rows.add(row);
    }
  }

  @Override
  public void end() {
    if (isStreamed()) {
      style.printBorderLine(out);
      out.println(count == 1 ? "1 change" : count + " changes");
    } else if (!query && rows.size() == 1 && rows.get(0).getArity() == 1) {
      // OK, or a text of many lines such as a plan or a table's definition.
      out.println(texts(rows.get(0))[0]);
    } else if (rows.isEmpty()) {
      out.println("Empty set");
    } else {
      style.print(rows.iterator(), out);
    }
    out.flush();
  }

  private boolean isStreamed() {
    return query && changes;
  }

  private static String[] texts(RowData row) {
    var texts = new String[row.getArity()];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = (String) ((GenericRowData) row).getField(i);
    }
    return texts;
  }
}

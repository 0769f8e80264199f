/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.STRING;

import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.CallerTable;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.sql.rows.SnapshotColumns.From;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;

/**
 * One row a caller of a snapshot, folded as the jobs fold it: no object per area. Several call
 * sites of one function are one caller; unpurged areas are not in the sums.
 */
public final class CallerRows implements RowShape {
  private static final List<From<Caller>> CALLER =
      List.of(
          From.column(
              "caller",
              STRING().notNull(),
              c -> SnapshotColumns.text(c.name()),
              "Who asked for the areas, as the kernel writes it: function or function [module]."),
          From.column(
              "caller_function",
              STRING().notNull(),
              c -> SnapshotColumns.text(CallerName.parse(c.name()).function()),
              "Normalised function: no offset, no compiler suffix."),
          From.column(
              "caller_module",
              STRING().notNull(),
              c -> SnapshotColumns.text(CallerName.parse(c.name()).module()),
              "Kernel module, empty for the kernel itself."),
          From.column(
              "areas",
              BIGINT().notNull(),
              c -> c.table().areas()[c.index()],
              "Areas, from 1; unpurged ones not counted."),
          From.column(
              "held_bytes",
              BIGINT().notNull(),
              c -> c.table().bytes()[c.index()],
              "Memory held: pages times page size."),
          From.column(
              "mapped_bytes",
              BIGINT().notNull(),
              c -> c.table().mappedBytes()[c.index()],
              "Address space, guard pages included."),
          From.column(
              "changed_areas",
              INT().notNull(),
              c -> c.table().changes()[c.index()],
              "Areas that came and areas that went since the agent's snapshot before; 0 where"
                  + " addresses are not shown."));

  private record Caller(CallerTable table, int index) {
    String name() {
      return table.callers()[index];
    }
  }

  @Override
  public List<Column> columns() {
    return Projection.columns(List.of(SnapshotColumns.HOST, CALLER));
  }

  @Override
  public RowDecoder decoder(List<String> columns) {
    Projection<SnapshotHeader> ofHost = Projection.of(columns, SnapshotColumns.HOST);
    Projection<Caller> ofCaller = Projection.of(columns, CALLER);
    Projection.requireAllKnown(columns, ofHost, ofCaller);
    var folded = new FoldedSnapshot();
    return (bytes, rows) -> {
      folded.read(bytes);
      var host = new GenericRowData(columns.size());
      ofHost.fill(host, folded.header());
      CallerTable table = folded.usage().callers();
      for (int i = 0; i < table.size(); i++) {
        GenericRowData row = ofHost.copy(host);
        ofCaller.fill(row, new Caller(table, i));
        rows.accept(row);
      }
    };
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.INT;

import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import io.vmallocfleet.sql.rows.SnapshotColumns.From;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;

/** One row a snapshot: everything but its areas, and the sums over those. */
public final class SnapshotRows implements RowShape {
  private static final List<From<HostUsage>> TOTALS =
      List.of(
          From.column(
              "areas",
              BIGINT().notNull(),
              u -> u.totals().areas(),
              "Areas in use; unpurged ones not counted."),
          From.column(
              "callers", INT().notNull(), u -> u.callers().size(), "Callers that hold areas."),
          From.column(
              "held_bytes",
              BIGINT().notNull(),
              u -> u.totals().bytes(),
              "Memory held: pages of all areas times the page size."),
          From.column(
              "mapped_bytes",
              BIGINT().notNull(),
              u -> u.totals().mappedBytes(),
              "Address space in use, guard pages included, unpurged excluded."),
          From.column(
              "guard_bytes",
              BIGINT().notNull(),
              u -> u.totals().guardBytes(),
              "Of it guard pages."),
          From.column(
              "unpurged_areas",
              BIGINT().notNull(),
              u -> u.totals().unpurgedAreas(),
              "Freed areas waiting for the lazy TLB flush: never a leak."),
          From.column(
              "unpurged_bytes",
              BIGINT().notNull(),
              u -> u.totals().unpurgedBytes(),
              "Their address space."));

  @Override
  public List<Column> columns() {
    return Projection.columns(List.of(SnapshotColumns.HOST, TOTALS, SnapshotColumns.READING));
  }

  @Override
  public RowDecoder decoder(List<String> columns) {
    Projection<SnapshotHeader> ofHost = Projection.of(columns, SnapshotColumns.HOST);
    Projection<SnapshotHeader> ofReading = Projection.of(columns, SnapshotColumns.READING);
    Projection<HostUsage> totals = Projection.of(columns, TOTALS);
    Projection.requireAllKnown(columns, ofHost, ofReading, totals);
    var folded = new FoldedSnapshot();
    return (bytes, rows) -> {
      folded.read(bytes);
      var row = new GenericRowData(columns.size());
      ofHost.fill(row, folded.header());
      ofReading.fill(row, folded.header());
      totals.fill(row, folded.usage());
      rows.accept(row);
    };
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.DOUBLE;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;

import io.vmallocfleet.sql.rows.Column;
import io.vmallocfleet.sql.table.FleetTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.catalog.CatalogView;
import org.apache.flink.table.catalog.ResolvedCatalogView;
import org.apache.flink.table.catalog.ResolvedSchema;

/** Views over the tables: what holds now. They work in batch and in streaming mode. */
enum FleetView {
  ALERTS(
      "vmalloc_alerts",
      "Every alert as it is now: the last record of its fingerprint.",
      FleetTable.ALERT_HISTORY.columns(),
      latest(FleetTable.ALERT_HISTORY, "fingerprint")),

  RULES(
      "vmalloc_rules",
      "Every rule as it is now: the last record of its id.",
      FleetTable.RULE_HISTORY.columns(),
      latest(FleetTable.RULE_HISTORY, "rule_id")),

  HOSTS(
      "hosts",
      "Every host as its last window shows it.",
      FleetTable.HOST_WINDOWS.columns(),
      latest(FleetTable.HOST_WINDOWS, "host_id")),

  TOP_CALLERS(
      "top_callers",
      "What every caller holds on the whole fleet, in the last window of each kernel build.",
      List.of(
          new Column("caller", STRING(), "function or function [module]."),
          new Column("caller_function", STRING(), "Normalised function."),
          new Column("caller_module", STRING(), "Kernel module, empty for the kernel itself."),
          new Column("hosts", BIGINT(), "Hosts that show it."),
          new Column("areas", BIGINT(), "Areas on all of them."),
          new Column("held_bytes", BIGINT(), "Memory on all of them."),
          new Column("mapped_bytes", BIGINT(), "Address space on all of them."),
          new Column("most_on_one_host", DOUBLE(), "Memory where it holds most, bytes."),
          new Column("window_end", TIMESTAMP_LTZ(3), "End of the last window.")),
      """
      SELECT w.caller, w.caller_function, w.caller_module,
        SUM(w.hosts), SUM(w.areas), SUM(w.held_bytes), SUM(w.mapped_bytes),
        MAX(w.bytes_per_host_max), MAX(CAST(w.window_end AS TIMESTAMP_LTZ(3)))
      FROM %1$s.vmalloc_caller_windows AS w
      JOIN (
        SELECT kernel_release, kernel_build, architecture, MAX(window_end) AS last_end
        FROM %1$s.vmalloc_caller_windows
        GROUP BY kernel_release, kernel_build, architecture) AS l
      ON w.kernel_release = l.kernel_release AND w.kernel_build = l.kernel_build
        AND w.architecture = l.architecture AND w.window_end = l.last_end
      GROUP BY w.caller, w.caller_function, w.caller_module""");

  private final String viewName;
  private final String comment;
  private final List<Column> columns;
  private final String query;

  /**
   * @param query with %1$s for catalog and database
   */
  FleetView(String viewName, String comment, List<Column> columns, String query) {
    this.viewName = viewName;
    this.comment = comment;
    this.columns = columns;
    this.query = query;
  }

  String viewName() {
    return viewName;
  }

  /**
   * The view with its columns resolved: of one that is not, Flink takes the columns from the query,
   * which has no comments (2.3.0, CatalogManager.resolveCatalogView).
   */
  ResolvedCatalogView definition(String catalog) {
    Schema.Builder schema = Schema.newBuilder();
    List<org.apache.flink.table.catalog.Column> resolved = new ArrayList<>();
    for (Column column : columns) {
      schema.column(column.name(), column.type()).withComment(column.comment());
      resolved.add(
          org.apache.flink.table.catalog.Column.physical(column.name(), column.type())
              .withComment(column.comment()));
    }
    String qualified = query.formatted("`" + catalog + "`.`" + VmallocCatalog.DATABASE + "`");
    return new ResolvedCatalogView(
        CatalogView.of(schema.build(), comment, qualified, qualified, Map.of()),
        ResolvedSchema.of(resolved));
  }

  /**
   * Records of one key lie in one partition, so the offset says which is the last: what compaction
   * would keep. A second sort column must not be added: Flink 2.3.0 then takes the result for one
   * that never changes, and a streaming query would show the first record of a key for ever.
   */
  private static String latest(FleetTable table, String key) {
    String columns =
        table.columns().stream().map(c -> "`" + c.name() + "`").collect(Collectors.joining(", "));
    return """
        SELECT %1$s FROM (
          SELECT %1$s, ROW_NUMBER() OVER (
            PARTITION BY %3$s ORDER BY kafka_offset DESC) AS newest
          FROM %%1$s.%2$s)
        WHERE newest = 1"""
        .formatted(columns, table.tableName(), key);
  }
}

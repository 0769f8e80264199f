/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.sql.rows.AreaRows;
import io.vmallocfleet.sql.rows.AvroRows;
import io.vmallocfleet.sql.rows.CallerRows;
import io.vmallocfleet.sql.rows.Column;
import io.vmallocfleet.sql.rows.RowShape;
import io.vmallocfleet.sql.rows.SnapshotRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;

/**
 * Every table that reads a topic. Several may read the same one: snapshots are rows of three kinds.
 */
public enum FleetTable {
  SNAPSHOTS(
      "vmalloc_snapshots",
      FleetTopic.SNAPSHOTS,
      new SnapshotRows(),
      "taken_at",
      List.of(),
      "One row a reading of /proc/vmallocinfo on one host, with the sums over its areas."),

  CALLERS(
      "vmalloc_callers",
      FleetTopic.SNAPSHOTS,
      new CallerRows(),
      "taken_at",
      List.of(),
      "One row a caller in every snapshot of every host: what it holds there."),

  AREAS(
      "vmalloc_areas",
      FleetTopic.SNAPSHOTS,
      new AreaRows(),
      "taken_at",
      List.of(),
      "One row an area in every snapshot of every host, its caller and kind resolved."),

  CALLER_WINDOWS(
      "vmalloc_caller_windows",
      FleetTopic.CALLER_WINDOWS,
      AvroRows.of(
          FleetTopic.CALLER_WINDOWS.valueSchema(),
          Map.of("cohort", "", "bytes_per_host", "bytes_per_host_"),
          Map.of()),
      "window_end",
      List.of(
          "caller_function",
          "caller_module",
          "kernel_release",
          "kernel_build",
          "architecture",
          "window_end"),
      "One row a caller, kernel build and window, over all hosts that show it."),

  HOST_WINDOWS(
      "vmalloc_host_windows",
      FleetTopic.HOST_WINDOWS,
      AvroRows.of(
          FleetTopic.HOST_WINDOWS.valueSchema(), Map.of("cohort", "", "memory", ""), Map.of()),
      "window_end",
      List.of("host_id", "window_end"),
      "One row a host and window, as its last snapshot in the window shows it."),

  FINDINGS(
      "vmalloc_findings",
      FleetTopic.FINDINGS,
      AvroRows.of(
          FleetTopic.FINDINGS.valueSchema(),
          Map.of("cohort", "", "baseline_cohort", "baseline_", "evidence", ""),
          Map.of()),
      "window_end",
      List.of(),
      "What detectors saw, one row a window that confirms it. INSERT INTO it to make a rule."),

  ALERT_HISTORY(
      "vmalloc_alert_history",
      FleetTopic.ALERTS,
      AvroRows.of(
          FleetTopic.ALERTS.valueSchema(),
          Map.of(
              "acknowledgement", "acknowledged_",
              "finding", "",
              "finding.cohort", "",
              "finding.baseline_cohort", "baseline_",
              "finding.evidence", ""),
          Map.of(
              // The alert's own: the same value, or the one after the rules.
              "finding.fingerprint", "",
              "finding.severity", "finding_severity",
              "finding.labels", "finding_labels")),
      "updated_at",
      List.of(),
      "Every record of every alert: one row a change. vmalloc_alerts shows what holds now."),

  DEAD_LETTERS(
      "vmalloc_dead_letters",
      FleetTopic.DEAD_LETTERS,
      AvroRows.of(FleetTopic.DEAD_LETTERS.valueSchema(), Map.of(), Map.of()),
      "appended_at",
      List.of(),
      "Records the pipeline could not use, with the reason and where they lie."),

  RULE_HISTORY(
      "vmalloc_rule_history",
      FleetTopic.RULES,
      AvroRows.of(
          FleetTopic.RULES.valueSchema(),
          Map.of(),
          Map.of("at", "made_at", "by", "made_by", "until", "until_time")),
      "made_at",
      List.of(),
      "Every record of every rule that is not compacted away. vmalloc_rules shows what holds now.");

  /** Function and module as the kernel writes them. */
  public static final Column CALLER =
      new Column("caller", DataTypes.STRING(), "function or function [module].");

  private final String tableName;
  private final FleetTopic topic;
  private final RowShape shape;
  private final String timeColumn;
  private final List<String> primaryKey;
  private final String comment;

  FleetTable(
      String tableName,
      FleetTopic topic,
      RowShape shape,
      String timeColumn,
      List<String> primaryKey,
      String comment) {
    this.tableName = tableName;
    this.topic = topic;
    this.shape = shape;
    this.timeColumn = timeColumn;
    this.primaryKey = primaryKey;
    this.comment = comment;
  }

  public static Optional<FleetTable> named(String tableName) {
    return Arrays.stream(values()).filter(t -> t.tableName.equals(tableName)).findFirst();
  }

  public String tableName() {
    return tableName;
  }

  public FleetTopic topic() {
    return topic;
  }

  public RowShape shape() {
    return shape;
  }

  /** The value's columns, then what is made of them and what Kafka knows. */
  public List<Column> columns() {
    List<Column> columns = new ArrayList<>(shape.columns());
    if (namesCallers()) {
      columns.add(CALLER);
    }
    for (Metadata metadata : Metadata.values()) {
      columns.add(new Column(metadata.column(), metadata.type(), metadata.comment()));
    }
    return columns;
  }

  /** Whether the records name function and module apart, so that the table puts them together. */
  public boolean namesCallers() {
    List<String> names = shape.columns().stream().map(Column::name).toList();
    return names.contains("caller_function") && !names.contains(CALLER.name());
  }

  /** The event time. */
  public String timeColumn() {
    return timeColumn;
  }

  /** Empty where the topic may hold a row twice. */
  public List<String> primaryKey() {
    return primaryKey;
  }

  public String comment() {
    return comment;
  }
}

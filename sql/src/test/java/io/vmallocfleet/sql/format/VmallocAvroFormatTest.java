/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vmallocfleet.sql.Opening;
import io.vmallocfleet.sql.Records;
import io.vmallocfleet.sql.table.FleetTable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;

class VmallocAvroFormatTest {
  private static final byte[] SNAPSHOT =
      Records.snapshot("web-1", Instant.parse("2026-11-23T06:18:50Z"));

  private static final RowType CALLER_AND_BYTES =
      RowType.of(
          new LogicalType[] {VarCharType.STRING_TYPE, new BigIntType()},
          new String[] {"caller", "held_bytes"});

  private final Opening opening = new Opening();
  private final List<RowData> rows = new ArrayList<>();

  @Test
  void a_record_is_as_many_rows_as_it_has_areas_with_the_columns_asked_for() {
    read(SNAPSHOT);

    assertThat(rows)
        .containsExactly(
            row("dup_task_struct", 16384),
            row("htab_map_alloc", 8192),
            row("pci_ioremap [nvme]", 0),
            row("(no caller)", 0));
    assertThat(opening.counted("unreadableRecords")).isZero();
  }

  @Test
  void what_cannot_be_read_is_left_out_and_counted_and_the_next_record_is_read() {
    read(
        Arrays.copyOf(SNAPSHOT, SNAPSHOT.length - 7), "nonsense".getBytes(), new byte[0], SNAPSHOT);

    assertThat(rows).hasSize(4);
    assertThat(opening.counted("unreadableRecords")).isEqualTo(3);
  }

  @Test
  void a_record_without_a_value_is_no_row() {
    read((byte[]) null);

    assertThat(rows).isEmpty();
    assertThat(opening.counted("unreadableRecords")).isZero();
  }

  @Test
  void a_table_of_ones_own_over_another_topic_can_be_asked() {
    TableEnvironment environment = environment("vmalloc_areas");

    assertThat(environment.explainSql("SELECT caller, SUM(held_bytes) FROM areas GROUP BY caller"))
        .contains("TableSourceScan(table=[[default_catalog, default_database, areas");
  }

  @Test
  void rows_of_a_table_there_is_none_of_are_refused_with_those_there_are() {
    TableEnvironment environment = environment("no_such_table");

    assertThatExceptionOfType(ValidationException.class)
        .isThrownBy(() -> environment.explainSql("SELECT * FROM areas"))
        .withStackTraceContaining(
            "'vmalloc-avro.rows-of' is 'no_such_table': expected one of [vmalloc_snapshots,");
  }

  private void read(byte[]... records) {
    var schema =
        new RowsOfBytes(
            FleetTable.AREAS,
            CALLER_AND_BYTES.getFieldNames(),
            InternalTypeInfo.of(CALLER_AND_BYTES));
    schema.open(opening);
    for (byte[] record : records) {
      schema.deserialize(
          record,
          new Collector<>() {
            @Override
            public void collect(RowData row) {
              rows.add(row);
            }

            @Override
            public void close() {
              // The list stays.
            }
          });
    }
  }

  private static RowData row(String caller, long bytes) {
    return GenericRowData.of(StringData.fromString(caller), bytes);
  }

  private static TableEnvironment environment(String rowsOf) {
    TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    environment.executeSql(
        """
        CREATE TABLE areas (hostname STRING, caller STRING, held_bytes BIGINT) WITH (
          'connector' = 'kafka', 'topic' = 'eu.vmalloc.snapshots',
          'properties.bootstrap.servers' = '127.0.0.1:1', 'scan.startup.mode' = 'earliest-offset',
          'format' = 'vmalloc-avro', 'vmalloc-avro.rows-of' = '%s')"""
            .formatted(rowsOf));
    return environment;
  }
}

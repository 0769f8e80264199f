/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import static org.apache.flink.table.api.DataTypes.ARRAY;
import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.BOOLEAN;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.MAP;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;

import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;

/** The columns that every table over snapshots has: the host, and when it was looked at. */
final class SnapshotColumns {
  /** A column and its value in whatever it is taken from, as Flink's internal type. */
  record From<S>(Column column, Function<S, Object> value) {
    static <S> From<S> column(
        String name, DataType type, Function<S, Object> value, String comment) {
      return new From<>(new Column(name, type, comment), value);
    }
  }

  static final List<From<SnapshotHeader>> HOST =
      List.of(
          From.column(
              "host_id",
              STRING().notNull(),
              h -> text(h.host().id()),
              "Stable host id, 32 hex digits."),
          From.column(
              "hostname",
              STRING().notNull(),
              h -> text(h.host().hostname()),
              "Node name for people. Not unique, may change."),
          From.column(
              "boot_id",
              STRING().notNull(),
              h -> text(h.host().bootId()),
              "A new value is a new boot. Empty when unknown."),
          From.column(
              "kernel_release",
              STRING().notNull(),
              h -> text(h.host().kernelRelease()),
              "uname -r."),
          From.column(
              "kernel_build",
              STRING().notNull(),
              h -> text(h.host().kernelBuild()),
              "uname -v. Distributions change code under one release: a cohort is release and"
                  + " build."),
          From.column(
              "architecture", STRING().notNull(), h -> text(h.host().architecture()), "uname -m."),
          From.column(
              "labels",
              MAP(STRING(), STRING()).notNull(),
              h -> map(h.host().labels()),
              "The operator's labels of the host: labels['role']."),
          From.column(
              "taken_at",
              TIMESTAMP_LTZ(3).notNull(),
              h -> TimestampData.fromEpochMillis(Math.floorDiv(h.takenAtMicros(), 1000L)),
              "Host clock when reading began. The event time."),
          From.column(
              "address_mode",
              STRING().notNull(),
              h -> text(h.addressMode().name()),
              "REAL: every gap is known. HASHED: adjoining areas are chained, hole sizes are"
                  + " unknown. ZEROED, PLACEHOLDER: only sums per caller. UNKNOWN: no row to tell"
                  + " from."));

  /** What only the table of whole snapshots shows. */
  static final List<From<SnapshotHeader>> READING =
      List.of(
          From.column(
              "page_size", INT().notNull(), h -> h.host().pageSize(), "Bytes in a base page."),
          From.column(
              "possible_cpus",
              INT().notNull(),
              h -> h.host().possibleCpus(),
              "CPUs the kernel can ever bring up; 0 when unknown."),
          From.column(
              "agent_run",
              STRING().notNull(),
              h -> text(h.agentRun()),
              "Random id of the agent process."),
          From.column(
              "snapshot_sequence",
              BIGINT().notNull(),
              SnapshotHeader::sequence,
              "Counts the snapshots of one agent run from 0, without gaps."),
          From.column(
              "read_micros", INT().notNull(), SnapshotHeader::readMicros, "Time the read took."),
          From.column(
              "parse_micros", INT().notNull(), SnapshotHeader::parseMicros, "Time parsing took."),
          From.column(
              "blind",
              STRING(),
              h -> h.blind().map(SnapshotColumns::text).orElse(null),
              "Why the agent could not see the areas; NULL when it could."),
          From.column(
              "complete",
              BOOLEAN().notNull(),
              h -> h.blind().isEmpty() && h.omittedAreas() == 0,
              "Whether every area of the host is in the numbers."),
          From.column(
              "dropped_before",
              BIGINT().notNull(),
              SnapshotHeader::droppedBefore,
              "Snapshots the agent had to drop since the last one it delivered."),
          From.column(
              "skipped_before",
              BIGINT().notNull(),
              SnapshotHeader::skippedBefore,
              "Readings skipped because an earlier one still ran."),
          From.column(
              "malformed_lines",
              INT().notNull(),
              SnapshotHeader::malformedLines,
              "Lines that could not be parsed."),
          From.column(
              "malformed_samples",
              ARRAY(STRING().notNull()).notNull(),
              h -> texts(h.malformedSamples()),
              "The first few of them."),
          From.column(
              "duplicate_lines",
              INT().notNull(),
              SnapshotHeader::duplicateLines,
              "Exact repetitions of a row, dropped."),
          From.column(
              "omitted_areas",
              INT().notNull(),
              SnapshotHeader::omittedAreas,
              "Areas left out for the size limit."),
          From.column(
              "mem_total_bytes",
              BIGINT().notNull(),
              h -> h.budget().memTotalBytes(),
              "MemTotal; -1 where not readable, as all budget figures."),
          From.column(
              "vmalloc_total_bytes",
              BIGINT().notNull(),
              h -> h.budget().vmallocTotalBytes(),
              "VmallocTotal, bytes of address space."),
          From.column(
              "vmalloc_used_bytes",
              BIGINT().notNull(),
              h -> h.budget().vmallocUsedBytes(),
              "VmallocUsed: memory since Linux 5.3, 0 from 4.4 to 5.2."),
          From.column("percpu_bytes", BIGINT().notNull(), h -> h.budget().percpuBytes(), "Percpu."),
          From.column(
              "bpf_jit_limit_bytes",
              BIGINT().notNull(),
              h -> h.budget().bpfJitLimitBytes(),
              "net.core.bpf_jit_limit."));

  private SnapshotColumns() {}

  static StringData text(String text) {
    return StringData.fromString(text);
  }

  private static GenericMapData map(Map<String, String> map) {
    var converted = new HashMap<StringData, StringData>();
    map.forEach((k, v) -> converted.put(text(k), text(v)));
    return new GenericMapData(converted);
  }

  private static GenericArrayData texts(List<String> texts) {
    return new GenericArrayData(texts.stream().map(SnapshotColumns::text).toArray());
  }
}

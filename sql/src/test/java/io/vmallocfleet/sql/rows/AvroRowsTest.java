/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.sql.Records;
import io.vmallocfleet.sql.table.FleetTable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.junit.jupiter.api.Test;

class AvroRowsTest {
  private static final byte[] OLD_WINDOW = callerWindowOfRelease1();

  @Test
  void nested_records_are_laid_flat() throws Exception {
    assertThat(
            rows(
                FleetTable.CALLER_WINDOWS,
                OLD_WINDOW,
                "caller_function",
                "kernel_build",
                "window_end",
                "hosts",
                "held_bytes",
                "bytes_per_host_p99"))
        .containsExactly("+I(htab_map_alloc,#1 SMP,1970-01-01T00:01,2,300,200.0)");
  }

  @Test
  void what_is_not_laid_flat_stays_nested() throws Exception {
    assertThat(rows(FleetTable.CALLER_WINDOWS, OLD_WINDOW, "top_hosts"))
        .containsExactly("+I([+I(id-1,web-1,200,1)])");
  }

  @Test
  void a_column_the_writer_did_not_have_gets_its_default() throws Exception {
    byte[] finding = findingOfRelease1();

    assertThat(
            rows(
                FleetTable.FINDINGS,
                finding,
                "kind",
                "severity",
                "labels",
                "baseline_kernel_build",
                "score"))
        .containsExactly("+I(LEAK,TICKET,{},null,6.5)");
  }

  @Test
  void a_record_of_another_topic_is_told_from_a_damaged_one() {
    RowDecoder findings = FleetTable.FINDINGS.shape().decoder(List.of("kind"));

    assertThatExceptionOfType(UnreadableRecordException.class)
        .isThrownBy(() -> findings.decode(OLD_WINDOW, row -> {}))
        .withMessageMatching(
            "Finding was written with schema \\p{XDigit}{16}, which this release does not know: a newer writer\\?");
    assertThatExceptionOfType(UnreadableRecordException.class)
        .isThrownBy(() -> findings.decode(Arrays.copyOf(findingOfRelease1(), 30), row -> {}))
        .withMessageStartingWith("Finding of 30 bytes is cut short or corrupt: ");
  }

  @Test
  void a_column_there_is_none_of_is_named_with_those_there_are() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> FleetTable.DEAD_LETTERS.shape().decoder(List.of("nonsense")))
        .withMessage(
            "DeadLetter has no column nonsense: there are topic, from_partition, from_offset, appended_at, reason, detail, payload");
  }

  private static List<String> rows(FleetTable table, byte[] record, String... columns)
      throws Exception {
    List<String> rows = new ArrayList<>();
    table.shape().decoder(List.of(columns)).decode(record, row -> rows.add(Printed.row(row)));
    return rows;
  }

  private static byte[] callerWindowOfRelease1() {
    Schema schema = Records.released(1, "CallerWindow");
    Map<String, Object> fields = new HashMap<>();
    fields.put("function", "htab_map_alloc");
    fields.put("module", "");
    fields.put("cohort", cohort(schema));
    fields.put("window_start", 0L);
    fields.put("window_end", 60_000L);
    fields.put("hosts", 2L);
    fields.put("areas", 2L);
    fields.put("bytes", 300L);
    fields.put("mapped_bytes", 8192L);
    fields.put(
        "bytes_per_host",
        Records.nested(
            schema.getField("bytes_per_host").schema(),
            Map.of(
                "min", 100.0,
                "p50", 100.0,
                "p90", 200.0,
                "p99", 200.0,
                "max", 200.0,
                "sketch", ByteBuffer.wrap(new byte[] {1}))));
    fields.put(
        "top_hosts",
        List.of(
            Records.nested(
                schema.getField("top_hosts").schema().getElementType(),
                Map.of("host_id", "id-1", "hostname", "web-1", "bytes", 200L, "areas", 1L))));
    return Records.written(1, "CallerWindow", fields);
  }

  private static byte[] findingOfRelease1() {
    Schema schema = Records.released(1, "Finding");
    Map<String, Object> fields = new HashMap<>();
    fields.put("fingerprint", "f".repeat(32));
    fields.put("kind", new GenericData.EnumSymbol(schema.getField("kind").schema(), "LEAK"));
    fields.put("host_id", "id-1");
    fields.put("hostname", "web-1");
    fields.put("boot_id", "boot-1");
    fields.put("function", "htab_map_alloc");
    fields.put("module", "");
    fields.put("cohort", cohort(schema));
    fields.put("window_start", 0L);
    fields.put("window_end", 60_000L);
    fields.put("since", 0L);
    fields.put("sentence", "It grows.");
    fields.put(
        "evidence",
        Records.nested(
            schema.getField("evidence").schema(),
            Map.of(
                "bytes", 300L,
                "baseline_bytes", 100L,
                "score", 6.5,
                "series", List.of(1L, 2L),
                "series_step_ms", 60_000L)));
    return Records.written(1, "Finding", fields);
  }

  private static Object cohort(Schema schema) {
    return Records.nested(
        schema.getField("cohort").schema(),
        Map.of("kernel_release", "6.18.1", "kernel_build", "#1 SMP", "architecture", "x86_64"));
  }
}

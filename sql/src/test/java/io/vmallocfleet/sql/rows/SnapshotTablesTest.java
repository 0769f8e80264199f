/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.sql.Records;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.data.RowData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTablesTest {
  private static final byte[] SNAPSHOT =
      Records.snapshot("web-1", Instant.parse("2026-11-23T06:18:50.123456Z"));

  @Test
  void a_row_an_area_with_its_caller_and_kind_resolved() throws Exception {
    assertThat(
            rows(new AreaRows(), "area", "caller", "kind", "held_bytes", "size_bytes", "gap_bytes"))
        .containsExactly(
            "+I(1,dup_task_struct,vmalloc,16384,20480,null)",
            "+I(2,htab_map_alloc,vmalloc,8192,12288,0)",
            "+I(3,pci_ioremap [nvme],ioremap,0,8192,4096)",
            "+I(4,(no caller),unpurged,0,1048576,0)");
  }

  @Test
  void what_an_area_has_beyond_its_size() throws Exception {
    assertThat(rows(new AreaRows(), "numa", "phys", "caller_function", "caller_module"))
        .containsExactly(
            "+I({0=3, 1=1},null,dup_task_struct,)",
            "+I({0=2},null,htab_map_alloc,)",
            "+I({},0xfebc0000,pci_ioremap,nvme)",
            "+I({},null,(no caller),)");
  }

  @Test
  void a_row_a_caller_folded_as_the_jobs_do_it() throws Exception {
    assertThat(rows(new CallerRows(), "hostname", "caller", "areas", "held_bytes", "mapped_bytes"))
        .containsExactly(
            "+I(web-1,dup_task_struct,1,16384,20480)",
            "+I(web-1,htab_map_alloc,1,8192,12288)",
            "+I(web-1,pci_ioremap [nvme],1,0,8192)");
  }

  @Test
  void a_row_a_snapshot_with_header_and_sums() throws Exception {
    assertThat(
            rows(
                new SnapshotRows(),
                "taken_at",
                "snapshot_sequence",
                "areas",
                "held_bytes",
                "unpurged_bytes",
                "percpu_bytes",
                "blind",
                "complete"))
        .containsExactly("+I(2026-11-23T06:18:50.123,7,3,24576,1048576,-1,null,true)");
  }

  @Test
  void a_question_that_needs_no_column_still_counts_the_rows() throws Exception {
    assertThat(rows(new AreaRows())).hasSize(4);
    assertThat(rows(new CallerRows())).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5, 60, 200, -1})
  void no_row_of_a_record_that_is_cut_short(int length) {
    byte[] cut = Arrays.copyOf(SNAPSHOT, length < 0 ? SNAPSHOT.length + length : length);
    for (RowShape shape : List.of(new AreaRows(), new CallerRows(), new SnapshotRows())) {
      List<RowData> rows = new ArrayList<>();
      RowDecoder decoder = shape.decoder(List.of("hostname"));

      assertThatExceptionOfType(UnreadableRecordException.class)
          .isThrownBy(() -> decoder.decode(cut, rows::add))
          .satisfies(e -> assertThat(e.reason()).isEqualTo(DeadLetterReason.UNDECODABLE));

      assertThat(rows).isEmpty();
    }
  }

  @Test
  void the_next_record_is_read_after_one_that_could_not_be() throws Exception {
    RowDecoder decoder = new AreaRows().decoder(List.of("area"));
    List<RowData> rows = new ArrayList<>();

    assertThatExceptionOfType(UnreadableRecordException.class)
        .isThrownBy(() -> decoder.decode(Arrays.copyOf(SNAPSHOT, 300), rows::add));
    decoder.decode(SNAPSHOT, rows::add);

    assertThat(rows).hasSize(4);
  }

  @Test
  void a_column_there_is_none_of_is_named() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new AreaRows().decoder(List.of("hostname", "nonsense")))
        .withMessage("there is no column nonsense");
  }

  private static List<String> rows(RowShape shape, String... columns) throws Exception {
    List<String> rows = new ArrayList<>();
    shape.decoder(List.of(columns)).decode(SNAPSHOT, row -> rows.add(Printed.row(row)));
    return rows;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Verdict;
import io.vmallocfleet.sql.Opening;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.junit.jupiter.api.Test;

/** From the row that a rule inserts to the record in the topic. */
class RuleFindingTest {
  private static final Instant END = Instant.parse("2026-11-23T06:01:00Z");
  private static final Map<String, Object> SMALLEST =
      Map.of(
          "labels", label("rule", "full"), "sentence", text("web-1 is full."), "window_end", END);

  private final Opening opening = new Opening();

  @Test
  void the_smallest_row_is_a_whole_finding() throws Exception {
    Finding finding = finding(SMALLEST);

    assertThat(finding.getKind()).isEqualTo(FindingKind.RULE);
    assertThat(finding.getVerdict()).isEqualTo(Verdict.SEEN);
    assertThat(finding.getSeverity()).isEqualTo(Severity.TICKET);
    assertThat(finding.getSentence()).isEqualTo("web-1 is full.");
    assertThat(finding.getLabels()).containsExactly(Map.entry("rule", "full"));
    assertThat(finding.getWindowEnd()).isEqualTo(END);
    assertThat(finding.getWindowStart()).isEqualTo(END.minusSeconds(60));
    assertThat(finding.getSince()).isEqualTo(END.minusSeconds(60));
    assertThat(finding.getHosts()).isEqualTo(1);
    assertThat(finding.getConfidence()).isEqualTo(1.0);
    assertThat(finding.getFingerprint()).matches("\\p{XDigit}{32}");
  }

  @Test
  void the_same_trouble_keeps_its_fingerprint_and_another_has_another() throws Exception {
    var web1 = with(SMALLEST, "host_id", text("id-1"));

    String first = finding(web1).getFingerprint();

    assertThat(finding(with(web1, "window_end", END.plusSeconds(60))).getFingerprint())
        .isEqualTo(first);
    assertThat(finding(with(web1, "sentence", text("fuller"))).getFingerprint()).isEqualTo(first);
    for (Map<String, Object> other :
        List.of(
            with(web1, "host_id", text("id-2")),
            with(web1, "boot_id", text("boot-2")),
            with(web1, "caller_function", text("move_module")),
            with(web1, "kernel_build", text("#2 SMP")),
            with(web1, "labels", label("rule", "another")))) {
      assertThat(finding(other).getFingerprint()).isNotEqualTo(first);
    }
  }

  @Test
  void what_is_known_of_the_caller_is_added_and_what_is_given_stays() throws Exception {
    var maps = with(SMALLEST, "caller_function", text("htab_map_alloc"));

    assertThat(finding(maps).getPurpose()).isEqualTo("bpf-maps");
    assertThat(finding(with(maps, "purpose", text("mine"))).getPurpose()).isEqualTo("mine");
    assertThat(finding(with(SMALLEST, "caller_function", text("no_such"))).getPurpose()).isEmpty();
    assertThat(finding(with(SMALLEST, "severity", text("PAGE"))).getSeverity())
        .isEqualTo(Severity.PAGE);
    assertThat(finding(with(SMALLEST, "fingerprint", text("abc"))).getFingerprint())
        .isEqualTo("abc");
    assertThat(finding(with(SMALLEST, "held_bytes", 4096L)).getEvidence().getBytes())
        .isEqualTo(4096);
  }

  @Test
  void a_rule_may_take_the_kind_of_a_detector_and_needs_no_name_then() throws Exception {
    var leak = with(SMALLEST, "kind", text("LEAK"));
    leak.remove("labels");

    assertThat(finding(leak).getKind()).isEqualTo(FindingKind.LEAK);
  }

  @Test
  void what_is_missing_or_wrong_is_said() {
    assertThat(refusal(with(SMALLEST, "sentence", null)))
        .isEqualTo("sentence is NULL: a finding cannot do without");
    assertThat(refusal(with(SMALLEST, "window_end", null)))
        .isEqualTo("window_end is NULL: a finding cannot do without");
    assertThat(refusal(with(SMALLEST, "labels", label("team", "bpf"))))
        .isEqualTo(
            "labels has no 'rule': expected the rule's name, labels MAP['rule', 'its-name']");
    assertThat(refusal(with(SMALLEST, "severity", text("LOUD")))).contains("severity", "LOUD");
  }

  @Test
  void a_row_that_makes_no_finding_is_counted_and_the_rule_goes_on() throws Exception {
    FindingRecords records = records();

    assertThat(records.serialize(row(with(SMALLEST, "sentence", null)), null, null)).isNull();
    assertThat(records.serialize(row(SMALLEST), null, null)).isNotNull();

    assertThat(opening.counted("rejectedFindings")).isEqualTo(1);
  }

  private Finding finding(Map<String, Object> columns) throws Exception {
    var record = records().serialize(row(columns), null, null);
    Finding finding = new SingleObject<>(Finding.class).decode(record.value());
    assertThat(record.topic()).isEqualTo("vmalloc.findings");
    assertThat(new String(record.key())).isEqualTo(finding.getFingerprint());
    return finding;
  }

  private FindingRecords records() {
    var records = new FindingRecords(type());
    records.open(opening, null);
    return records;
  }

  private static String refusal(Map<String, Object> columns) {
    var thrown =
        assertThrows(
            IllegalArgumentException.class, () -> new RuleFinding(type()).of(row(columns)));
    return thrown.getMessage();
  }

  /** As the catalog has the table: a rule may leave out any column. */
  private static RowType type() {
    var columns = FleetTable.FINDINGS.shape().columns();
    return RowType.of(
        columns.stream()
            .map(column -> column.type().nullable().getLogicalType())
            .toArray(LogicalType[]::new),
        columns.stream().map(column -> column.name()).toArray(String[]::new));
  }

  private static RowData row(Map<String, Object> columns) {
    List<String> names = type().getFieldNames();
    var row = new GenericRowData(names.size());
    columns.forEach(
        (name, value) -> {
          assertThat(names).contains(name);
          row.setField(
              names.indexOf(name),
              value instanceof Instant time ? TimestampData.fromInstant(time) : value);
        });
    return row;
  }

  private static Map<String, Object> with(Map<String, Object> columns, String name, Object value) {
    var more = new HashMap<>(columns);
    more.put(name, value);
    return more;
  }

  private static StringData text(String text) {
    return StringData.fromString(text);
  }

  private static GenericMapData label(String name, String value) {
    return new GenericMapData(Map.of(text(name), text(value)));
  }
}

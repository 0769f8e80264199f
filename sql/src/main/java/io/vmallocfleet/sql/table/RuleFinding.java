/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.pipeline.anomaly.Fingerprint;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.sql.rows.AvroRows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/**
 * A finding out of a row that a rule in SQL inserts. A rule gives {@code sentence}, {@code
 * window_end} and, unless it takes the kind of a detector, its own name in {@code labels['rule']};
 * the rest has defaults:
 *
 * <ul>
 *   <li>{@code kind} RULE, {@code verdict} SEEN, {@code severity} TICKET, {@code confidence} 1
 *   <li>{@code fingerprint} over kind, rule, host, boot, caller, region and kernel build: the same
 *       trouble keeps it from window to window
 *   <li>{@code window_start} a minute before its end, {@code since} the same
 *   <li>{@code purpose} that of the caller; texts empty, numbers 0, {@code hosts} 1
 * </ul>
 */
public final class RuleFinding {
  /** Columns a rule cannot do without. */
  public static final List<String> REQUIRED = List.of("sentence", "window_end");

  private static final String RULE_LABEL = "rule";
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final Function<RowData, GenericRecord> records;
  private final CallerKnowledge callers = CallerKnowledge.bundled();

  RuleFinding(RowType type) {
    this.records = ((AvroRows) FleetTable.FINDINGS.shape()).records(type);
  }

  /**
   * @throws IllegalArgumentException saying what is missing or wrong
   */
  GenericRecord of(RowData row) {
    GenericRecord finding = records.apply(row);
    REQUIRED.forEach(
        column -> {
          if (finding.get(column) == null) {
            throw new IllegalArgumentException(column + " is NULL: a finding cannot do without");
          }
        });
    nameKind(finding);
    setTimes(finding);
    setCaller(finding);
    setEvidence((GenericRecord) finding.get("evidence"));
    fillTexts((GenericRecord) finding.get("cohort"), "kernel_release", "kernel_build");
    fillTexts((GenericRecord) finding.get("cohort"), "architecture");
    fill(finding, "fingerprint", fingerprint(finding));
    return finding;
  }

  private static void nameKind(GenericRecord finding) {
    var schema = Finding.getClassSchema().getField("kind").schema();
    if (finding.get("kind") == null) {
      finding.put("kind", new GenericData.EnumSymbol(schema, FindingKind.RULE.name()));
      finding.put("confidence", 1.0);
    }
    boolean rule = finding.get("kind").toString().equals(FindingKind.RULE.name());
    if (rule && label(finding, RULE_LABEL).isEmpty()) {
      throw new IllegalArgumentException(
          "labels has no 'rule': expected the rule's name, labels MAP['rule', 'its-name']");
    }
  }

  private static void setTimes(GenericRecord finding) {
    fill(finding, "window_start", (Long) finding.get("window_end") - MINUTE);
    fill(finding, "since", finding.get("window_start"));
  }

  private void setCaller(GenericRecord finding) {
    fillTexts(finding, "function", "module");
    String function = finding.get("function").toString();
    if (!function.isEmpty() && finding.get("purpose").toString().isEmpty()) {
      var meaning = callers.meaning(function, finding.get("module").toString());
      finding.put("purpose", meaning.known() ? meaning.family().slug() : "");
    }
  }

  private static void setEvidence(GenericRecord evidence) {
    fill(evidence, "bytes", 0L);
    fill(evidence, "baseline_bytes", 0L);
    fill(evidence, "score", 0.0);
    fill(evidence, "series", new ArrayList<Long>());
    fill(evidence, "series_step_ms", 1L);
  }

  private static String fingerprint(GenericRecord finding) {
    GenericRecord cohort = (GenericRecord) finding.get("cohort");
    return Fingerprint.of(
        finding.get("kind").toString(),
        label(finding, RULE_LABEL),
        Objects.toString(finding.get("host_id"), ""),
        Objects.toString(finding.get("boot_id"), ""),
        finding.get("function").toString(),
        finding.get("module").toString(),
        finding.get("region").toString(),
        cohort.get("kernel_release").toString(),
        cohort.get("kernel_build").toString(),
        cohort.get("architecture").toString());
  }

  private static String label(GenericRecord finding, String name) {
    return Objects.toString(((Map<?, ?>) finding.get("labels")).get(name), "");
  }

  private static void fillTexts(GenericRecord record, String... fields) {
    for (String field : fields) {
      fill(record, field, "");
    }
  }

  private static void fill(GenericRecord record, String field, Object value) {
    if (record.get(field) == null) {
      record.put(field, value);
    }
  }
}

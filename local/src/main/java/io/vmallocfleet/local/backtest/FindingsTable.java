/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.local.backtest.evaluation.AlertSpan;
import io.vmallocfleet.local.records.Printable;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;

/**
 * What a backtest found, one line a trouble:
 *
 * <pre>
 * KIND  FROM                  TO                    HOST     CALLER          WHAT
 * LEAK  2026-11-01T06:10:00Z  still there           sim-007  htab_map_alloc  htab_map_alloc on ...
 * </pre>
 */
record FindingsTable(PrintWriter out) {
  private static final String ROW = "%-20s %-21s %-21s %-16s %-32s %s%n";

  void print(RecordedUsage recorded, Backtest backtest, List<AlertSpan> alerts) {
    out.printf("%,d snapshots of %,d hosts%n", recorded.snapshots(), recorded.hosts());
    backtest
        .deadLetters()
        .forEach((reason, count) -> out.printf("not used: %,d %s%n", count, reason));
    if (alerts.isEmpty()) {
      out.println("nothing found");
      return;
    }
    out.printf(ROW, "KIND", "FROM", "TO", "HOST", "CALLER", "WHAT");
    alerts.stream()
        .sorted(Comparator.comparing(AlertSpan::firedAt).thenComparing(AlertSpan::id))
        .forEach(
            alert ->
                out.printf(
                    ROW,
                    alert.kind(),
                    alert.firedAt(),
                    alert.resolvedAt() == null ? "still there" : alert.resolvedAt(),
                    Printable.line(alert.hostId().isEmpty() ? "the fleet" : alert.hostname()),
                    Printable.line(caller(alert)),
                    Printable.line(alert.sentence())));
  }

  private static String caller(AlertSpan alert) {
    return alert.module().isEmpty()
        ? alert.function()
        : alert.function() + " [" + alert.module() + "]";
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.local.backtest.evaluation.AlertSpan;
import io.vmallocfleet.local.backtest.evaluation.Phrases;
import io.vmallocfleet.local.records.Printable;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * What would have been told, one line an alert: how loudly, when, for how long, to whom.
 *
 * <pre>
 * KIND  SEVERITY  FROM                  LASTED      OWNER   HOST     CALLER          WHAT
 * LEAK  TICKET    2026-11-01T06:10:00Z  still open  kernel  sim-007  htab_map_alloc  htab_map_alloc on ...
 * </pre>
 */
record FindingsTable(PrintWriter out) {
  private static final String ROW = "%-20s %-8s %-20s %-10s %-12s %-16s %-32s %s%n";

  void print(Backtest backtest, List<AlertSpan> alerts) {
    Recorded recorded = backtest.recorded();
    out.printf("%,d snapshots of %,d hosts%n", recorded.snapshots(), recorded.hosts());
    backtest
        .deadLetters()
        .forEach((reason, count) -> out.printf("not used: %,d %s%n", count, reason));
    if (alerts.isEmpty()) {
      out.println("nothing found");
      return;
    }
    out.printf(ROW, "KIND", "SEVERITY", "FROM", "LASTED", "OWNER", "HOST", "CALLER", "WHAT");
    alerts.stream()
        .sorted(Comparator.comparing(AlertSpan::firedAt).thenComparing(AlertSpan::id))
        .forEach(
            alert ->
                out.printf(
                    ROW,
                    alert.kind(),
                    alert.severity(),
                    alert.firedAt(),
                    lasted(alert),
                    Printable.line(alert.owner()),
                    Printable.line(alert.hostId().isEmpty() ? "the fleet" : alert.hostname()),
                    Printable.line(caller(alert)),
                    Printable.line(alert.sentence())));
  }

  private static String lasted(AlertSpan alert) {
    return alert.resolvedAt() == null
        ? "still open"
        : Phrases.duration(Duration.between(alert.firedAt(), alert.resolvedAt()));
  }

  private static String caller(AlertSpan alert) {
    return alert.module().isEmpty()
        ? alert.function()
        : alert.function() + " [" + alert.module() + "]";
  }
}

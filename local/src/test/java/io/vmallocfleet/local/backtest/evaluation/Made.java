/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.annotation.Nullable;

/** Made-up labels and alerts; hours count from the start of the span. */
final class Made {
  static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private Made() {}

  static Instant hour(double hour) {
    return START.plus(Duration.ofMinutes(Math.round(hour * 60)));
  }

  static Span days(int days) {
    return new Span(START, hour(24 * days));
  }

  static Label incident(
      String id, String kind, String host, String function, double from, double to) {
    return label(id, kind, false, host, function, from, to);
  }

  static Label harmless(String id, String host, String function, double from, double to) {
    return label(id, "", true, host, function, from, to);
  }

  private static Label label(
      String id,
      String kind,
      boolean benign,
      String host,
      String function,
      double from,
      double to) {
    return new Label(
        id,
        kind.isEmpty() ? List.of() : List.of(kind),
        benign,
        host.isEmpty() ? List.of() : List.of(host),
        host.isEmpty() ? List.of() : List.of(host + ".example"),
        List.of(new Label.Caller(function, "")),
        "",
        "6.1/x86_64",
        hour(from),
        hour(to),
        // Visible an hour after it began.
        hour(from + 1));
  }

  static AlertSpan alert(
      String id,
      String kind,
      String severity,
      String host,
      String function,
      double from,
      @Nullable Double to) {
    return new AlertSpan(
        id,
        kind,
        severity,
        host,
        host.isEmpty() ? "" : host + ".example",
        function,
        "",
        "",
        host.isEmpty() ? "6.1/x86_64" : "",
        "kernel",
        List.of(),
        hour(from),
        to == null ? null : hour(to),
        "%s holds more and more.".formatted(function),
        "ours");
  }
}

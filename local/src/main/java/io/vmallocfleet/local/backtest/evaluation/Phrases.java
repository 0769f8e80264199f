/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import io.vmallocfleet.local.records.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import javax.annotation.Nullable;

/** Numbers, times and alerts as the report says them. */
public final class Phrases {
  private static final DateTimeFormatter MOMENT =
      DateTimeFormatter.ofPattern("MMM d HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private Phrases() {}

  static String moment(Instant at) {
    return MOMENT.format(at);
  }

  /** {@code 40 s}, {@code 2 h 5 min}, {@code 3 d 4 h}; a minus before it when negative. */
  public static String duration(@Nullable Duration duration) {
    if (duration == null) {
      return "–";
    }
    long seconds = duration.abs().toSeconds();
    String text;
    if (seconds < 60) {
      text = seconds + " s";
    } else if (seconds < 3600) {
      text = two(seconds / 60, "min", seconds % 60, "s");
    } else if (seconds < 86_400) {
      text = two(seconds / 3600, "h", seconds % 3600 / 60, "min");
    } else {
      text = two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
    }
    return (duration.isNegative() ? "−" : "") + text;
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  static String share(Proportion share) {
    return share.estimate() == null
        ? "–"
        : String.format(Locale.ROOT, "%.0f %%", 100 * share.estimate());
  }

  static String interval(Proportion share) {
    return share.estimate() == null
        ? "nothing to count"
        : String.format(
            Locale.ROOT,
            "%d of %d, %.0f–%.0f %%",
            share.hits(),
            share.trials(),
            100 * share.low(),
            100 * share.high());
  }

  /** Two significant digits, without an exponent where a person can do without. */
  static String number(double value) {
    if (value == 0) {
      return "0";
    }
    if (value >= 100) {
      double unit = Math.pow(10, Math.floor(Math.log10(value)) - 1);
      return String.format(Locale.ROOT, "%,.0f", Math.round(value / unit) * unit);
    }
    if (value < 0.0001) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    int digits = Math.max(0, 1 - (int) Math.floor(Math.log10(value)));
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  static String alert(AlertSpan alert) {
    return Printable.line(
        "%s %s %s, %s"
            .formatted(alert.severity(), alert.kind(), alert.place(), whenAndWhose(alert)));
  }

  /** {@code Mar 3 14:05, for 3 h, to kernel}. */
  static String whenAndWhose(AlertSpan alert) {
    String lasted =
        alert.resolvedAt() == null
            ? "still open"
            : "for " + duration(Duration.between(alert.firedAt(), alert.resolvedAt()));
    return "%s, %s, to %s".formatted(moment(alert.firedAt()), lasted, alert.owner());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.score;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The moments people write into files: ISO 8601 with or without time and zone, a blank for the T,
 * or a number since the epoch, whose size tells seconds from milli-, micro- and nanoseconds: {@code
 * 2026-11-26 08:00:00}, {@code 2026-11-26T08:00:00.5+01:00}, {@code 1795680000}, {@code
 * 1795680000000}. Without a zone it is UTC.
 */
final class Timestamp {
  static final String EXPECTED =
      "expected a moment such as 2026-11-26T08:00:00Z, 2026-11-26 08:00:00 or 1795680000";

  /** Below: seconds, until the year 5138, and likewise for the units after it. */
  private static final double LARGEST_SECONDS = 1e11;

  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']HH:mm[:ss]")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .optionalEnd()
          .optionalEnd()
          .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
          .toFormatter(Locale.ROOT);

  private Timestamp() {}

  /** Milliseconds since the epoch; empty when the text is no moment. */
  static OptionalLong millis(String text) {
    return looksLikeDate(text) ? ofDate(text) : ofNumber(text);
  }

  private static boolean looksLikeDate(String text) {
    return text.length() >= 10 && text.charAt(4) == '-' && text.charAt(7) == '-';
  }

  private static OptionalLong ofDate(String text) {
    try {
      TemporalAccessor moment = FORMAT.parseBest(text, ZonedDateTime::from, LocalDateTime::from);
      return OptionalLong.of(
          moment instanceof ZonedDateTime zoned
              ? zoned.toInstant().toEpochMilli()
              : ((LocalDateTime) moment).toInstant(ZoneOffset.UTC).toEpochMilli());
    } catch (DateTimeException | ArithmeticException e) {
      return OptionalLong.empty(); // the caller says so, with the line
    }
  }

  private static OptionalLong ofNumber(String text) {
    double number;
    try {
      number = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return OptionalLong.empty(); // the caller says so, with the line
    }
    double size = Math.abs(number);
    if (!(size < LARGEST_SECONDS * 1e9)) {
      return OptionalLong.empty();
    }
    double millis =
        size < LARGEST_SECONDS
            ? number * 1e3
            : size < LARGEST_SECONDS * 1e3
                ? number
                : size < LARGEST_SECONDS * 1e6 ? number / 1e3 : number / 1e6;
    return OptionalLong.of(Math.round(millis));
  }
}

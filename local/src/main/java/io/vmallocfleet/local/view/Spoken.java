/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.schemas.ByteCount;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.OptionalLong;

/** Numbers and times as a person reads them on a screen. */
final class Spoken {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter DAY_TIME =
      DateTimeFormatter.ofPattern("MMM d HH:mm", Locale.ENGLISH);

  private Spoken() {}

  /** {@code 45 s}, {@code 2 min 10 s}, {@code 3 h 5 min}, {@code 2 d 4 h}. */
  static String duration(Duration duration) {
    long seconds = Math.max(0, duration.toSeconds());
    if (seconds == 0 && duration.toMillis() > 0) {
      return duration.toMillis() + " ms";
    }
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3600) {
      return two(seconds / 60, "min", seconds % 60, "s");
    }
    if (seconds < 86_400) {
      return two(seconds / 3600, "h", seconds % 3600 / 60, "min");
    }
    return two(seconds / 86_400, "d", seconds % 86_400 / 3600, "h");
  }

  /** Time gone by, from whole seconds up and in its largest unit alone: {@code 3 h}. */
  static String elapsed(Duration duration) {
    String[] words = duration(Duration.ofSeconds(duration.toSeconds())).split(" ");
    return words[0] + " " + words[1];
  }

  private static String two(long large, String largeUnit, long small, String smallUnit) {
    return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
  }

  /** {@code 12:00:10..12:00:20}. */
  static String window(Instant start, Instant end, ZoneId zone) {
    return TIME.format(start.atZone(zone)) + ".." + TIME.format(end.atZone(zone));
  }

  /** The time of day, or day and time when that was not today. */
  static String moment(Instant instant, Instant now, ZoneId zone) {
    boolean today = instant.atZone(zone).toLocalDate().equals(now.atZone(zone).toLocalDate());
    return (today ? TIME : DAY_TIME).format(instant.atZone(zone));
  }

  /** {@code +16.0 KiB}, {@code -4.0 KiB}, {@code 0}, or {@code ?} when not known. */
  static String bytesChange(OptionalLong change) {
    if (change.isEmpty()) {
      return "?";
    }
    long bytes = change.getAsLong();
    return bytes == 0 ? "0" : (bytes > 0 ? "+" : "") + new ByteCount(bytes);
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** {@code 1 window}, {@code 2 windows}. */
  static String count(long count, String one) {
    return count(count) + " " + one + (count == 1 ? "" : "s");
  }
}

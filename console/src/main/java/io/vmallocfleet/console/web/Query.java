/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** Parameters of a request, checked: what is wrong is answered with 400 and what was expected. */
final class Query {
  private static final Map<String, Long> RANGES =
      Map.of(
          "5m", 300_000L,
          "15m", 900_000L,
          "1h", 3_600_000L,
          "6h", 21_600_000L,
          "24h", 86_400_000L);
  private static final int LONGEST = 1_000;

  private final Context ctx;

  Query(Context ctx) {
    this.ctx = ctx;
  }

  String text(String name) {
    String value = ctx.queryParam(name);
    if (value != null && value.length() > LONGEST) {
      throw new BadRequestResponse(name + " is longer than " + LONGEST + " characters");
    }
    return value == null ? "" : value.strip();
  }

  long rangeMillis() {
    String range = text("range");
    if (range.isEmpty()) {
      return RANGES.get("1h");
    }
    Long millis = RANGES.get(range);
    if (millis == null) {
      throw new BadRequestResponse(
          "range is \"%s\": expected 5m, 15m, 1h, 6h or 24h".formatted(range));
    }
    return millis;
  }

  int number(String name, int otherwise, int least, int most) {
    String text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new BadRequestResponse(
        "%s is \"%s\": expected %d to %d".formatted(name, text, least, most));
  }

  <E extends Enum<E>> E choice(String name, Class<E> type, E otherwise) {
    String text = text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return Enum.valueOf(type, text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new BadRequestResponse(
          "%s is \"%s\": expected one of %s"
              .formatted(name, text, Arrays.toString(type.getEnumConstants())));
    }
  }
}

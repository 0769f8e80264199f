/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.vmallocfleet.settings.Settings;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stretch of time from the beginning, as it is or as a share of the whole: {@code 6h}, {@code
 * 30%}.
 *
 * @param share from 0 to 1; used where {@code duration} is null
 */
record Stretch(Duration duration, double share) {
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d+)?) ?%");

  /**
   * @throws IllegalArgumentException if it is neither; says what was expected
   */
  @JsonCreator
  static Stretch parse(String text) {
    Matcher percent = PERCENT.matcher(text);
    if (percent.matches() && Double.parseDouble(percent.group(1)) <= 100) {
      return new Stretch(null, Double.parseDouble(percent.group(1)) / 100);
    }
    try {
      return new Stretch(Settings.parseDuration(text), 0);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"%s\": expected a duration such as 6h, or a share of the whole such as 30%%"
              .formatted(text),
          e);
    }
  }

  Duration of(Duration whole) {
    return duration != null ? duration : Duration.ofMillis((long) (share * whole.toMillis()));
  }
}

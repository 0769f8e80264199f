/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.rules;

import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;

/** One number or word a rule may set, by the key it has in the document. */
enum Threshold {
  ENABLED(
      "enabled",
      "true or false",
      (limits, text) ->
          switch (text) {
            case "true" -> limits.withEnabled(true);
            case "false" -> limits.withEnabled(false);
            default -> throw new IllegalArgumentException(text);
          }),

  FLOOR(
      "floor",
      "a size such as 512KiB, 64MiB or 1GiB",
      (limits, text) -> limits.withFloorBytes(Settings.parseBytes(text))),

  MINIMUM_HOSTS(
      "minimum-hosts",
      "a whole number from 1",
      (limits, text) -> {
        long hosts = Long.parseLong(text);
        if (hosts < 1) {
          throw new IllegalArgumentException(text);
        }
        return limits.withMinimumHosts(hosts);
      }),

  CONFIDENCE(
      "confidence",
      "a number from 0 to 1",
      (limits, text) -> {
        double confidence = Double.parseDouble(text);
        if (!(confidence >= 0 && confidence <= 1)) {
          throw new IllegalArgumentException(text);
        }
        return limits.withConfidence(confidence);
      }),

  SEVERITY(
      "severity",
      "info, ticket or page",
      (limits, text) -> limits.withSeverity(Severity.valueOf(text.toUpperCase(Locale.ROOT))));

  private final String key;
  private final String expected;
  private final BiFunction<Limits, String, Limits> setter;

  Threshold(String key, String expected, BiFunction<Limits, String, Limits> setter) {
    this.key = key;
    this.expected = expected;
    this.setter = setter;
  }

  String key() {
    return key;
  }

  String expected() {
    return expected;
  }

  /**
   * @throws IllegalArgumentException when the text is not what is expected
   */
  Limits set(Limits limits, String text) {
    return setter.apply(limits, text);
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Threshold::key).toList();
  }
}

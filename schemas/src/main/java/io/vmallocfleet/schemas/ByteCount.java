/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

import java.util.Locale;

/** A number of bytes that prints for people: {@code 512 B}, {@code 14.1 MiB}, {@code 32.0 TiB}. */
public record ByteCount(long bytes) {
  private static final String UNITS = "KMGTPE";

  @Override
  public String toString() {
    double value = Math.abs((double) bytes);
    if (value < 1024) {
      return bytes + " B";
    }
    int unit = -1;
    // 1023.95 would print as 1024.0 of the smaller unit.
    while (value >= 1023.95) {
      value /= 1024;
      unit++;
    }
    return String.format(
        Locale.ROOT, "%s%.1f %ciB", bytes < 0 ? "-" : "", value, UNITS.charAt(Math.max(unit, 0)));
  }
}

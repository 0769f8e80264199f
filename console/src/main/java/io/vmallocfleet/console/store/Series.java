/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.Map;

/**
 * Values at equal distances in time, for a plot.
 *
 * @param startMillis end of the window the first value is of
 * @param stepMillis milliseconds from one value to the next
 * @param columns by name, all of one length; NaN where there was no window
 */
public record Series(long startMillis, long stepMillis, Map<String, float[]> columns) {
  public static final Series EMPTY = new Series(0, 1, Map.of());
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

/** What a setting must satisfy. Apart from the settings, whose defaults initialise one another. */
final class Constraint {

  private Constraint() {}

  static void check(boolean satisfied, String name, Object value, String expected) {
    if (!satisfied) {
      throw new IllegalArgumentException(name + " is " + value + ": expected " + expected);
    }
  }
}

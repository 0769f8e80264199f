/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.schemas.ByteCount;
import java.util.Locale;

/** A number of things or bytes, for people: {@code 1 area}, {@code 1,362 areas}. */
final class Count {
  private Count() {}

  static String of(long number, String one) {
    return String.format(Locale.ROOT, "%,d %s%s", number, one, number == 1 ? "" : "s");
  }

  /** {@code 4 KiB} rather than {@code 4.0 KiB}. */
  static String bytes(long bytes) {
    return new ByteCount(bytes).toString().replace(".0 ", " ");
  }

  static String of(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for what another process does. */
final class Eventually {
  static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private Eventually() {}

  static void is(String what, BooleanSupplier condition) {
    if (!isWithin(PATIENCE, condition)) {
      throw new AssertionError("In vain, for %s: %s".formatted(PATIENCE, what));
    }
  }

  /** Whether the condition came true in time. */
  static boolean isWithin(Duration patience, BooleanSupplier condition) {
    long end = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        return false;
      }
      try {
        Thread.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
    return true;
  }
}

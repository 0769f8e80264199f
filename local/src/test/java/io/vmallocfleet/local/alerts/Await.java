/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import java.time.Duration;

/** Waits for what has to become true. */
final class Await {
  private static final long LOOK_EVERY_MILLIS = 50;

  private Await() {}

  interface Condition {
    boolean holds() throws Exception;
  }

  /** Fails with the words when it does not hold within the limit. */
  static void until(Duration limit, String what, Condition condition) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not within " + limit + ": " + what);
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }
}

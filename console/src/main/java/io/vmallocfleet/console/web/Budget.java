/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

/** So many requests in so much time, filled again evenly. */
final class Budget {
  private final int most;
  private final long perMillis;
  private double left;
  private long atNanos = System.nanoTime();

  Budget(int most, long perMillis) {
    this.most = most;
    this.perMillis = perMillis;
    this.left = most;
  }

  /** False if there is nothing left now. */
  synchronized boolean take() {
    long now = System.nanoTime();
    left = Math.min(most, left + (now - atNanos) / 1e6 * most / perMillis);
    atNanos = now;
    if (left < 1) {
      return false;
    }
    left--;
    return true;
  }
}

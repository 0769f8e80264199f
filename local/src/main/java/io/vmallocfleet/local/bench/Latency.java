/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.util.Arrays;

/**
 * How long findings came after their windows could be closed, milliseconds.
 *
 * @param findings how many
 */
record Latency(int findings, long p50, long p99, long most) {

  /**
   * @throws IllegalArgumentException if there is none
   */
  static Latency of(long[] millis) {
    if (millis.length == 0) {
      throw new IllegalArgumentException("no finding came: give it more --hosts or --rounds");
    }
    long[] sorted = millis.clone();
    Arrays.sort(sorted);
    return new Latency(
        sorted.length, quantile(sorted, 0.5), quantile(sorted, 0.99), sorted[sorted.length - 1]);
  }

  /** The smallest value that so large a share does not exceed. */
  private static long quantile(long[] sorted, double share) {
    return sorted[(int) Math.ceil(share * sorted.length) - 1];
  }

  @Override
  public String toString() {
    return "%,d findings, after the watermark: p50 %,d ms, p99 %,d ms, at most %,d ms"
        .formatted(findings, p50, p99, most);
  }
}

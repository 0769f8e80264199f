/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Duration;
import java.time.Instant;

/** The stretch of time that was judged, from {@code from} to before {@code to}. */
public record Span(Instant from, Instant to) {
  private static final double MILLIS_IN_A_DAY = 86_400_000.0;

  public Span {
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("span from %s to %s is empty".formatted(from, to));
    }
  }

  double days() {
    return Duration.between(from, to).toMillis() / MILLIS_IN_A_DAY;
  }
}

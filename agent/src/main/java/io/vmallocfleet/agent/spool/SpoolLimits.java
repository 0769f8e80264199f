/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.spool;

import java.time.Duration;

/**
 * How much a spool keeps; the oldest goes first.
 *
 * @param maxBytes of snapshots; the file is somewhat larger. One snapshot is always kept
 * @param maxMemoryBytes the same while the disk cannot be used
 * @param maxAge since a snapshot was taken
 */
public record SpoolLimits(long maxBytes, long maxMemoryBytes, Duration maxAge) {
  private static final long MEMORY = 2 << 20;

  public SpoolLimits {
    if (maxBytes < 1 || maxMemoryBytes < 1 || maxAge.isNegative() || maxAge.isZero()) {
      throw new IllegalArgumentException("limits of a spool are positive: " + this);
    }
  }

  public static SpoolLimits of(long maxBytes, Duration maxAge) {
    return new SpoolLimits(maxBytes, Math.min(maxBytes, MEMORY), maxAge);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas.snapshot;

/**
 * What waits on a host for the broker: the {@code SpoolOccupancy} of {@code VmallocSnapshot.avsc}.
 *
 * @param snapshots waiting, from 0
 * @param bytes of them, from 0
 * @param maxBytes at which the oldest are dropped; 0 only in {@link #NONE}
 */
public record SpoolOccupancy(long snapshots, long bytes, long maxBytes) {
  /** The sender keeps nothing, or does not say. */
  public static final SpoolOccupancy NONE = new SpoolOccupancy(0, 0, 0);

  public boolean isKnown() {
    return maxBytes > 0;
  }
}

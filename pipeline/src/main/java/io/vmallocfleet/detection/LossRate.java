/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

/**
 * Which share of a host's snapshots is lost, lately: an exponentially weighted mean over windows.
 * Immutable, 13 bytes.
 *
 * @param share 0 to 1
 * @param high whether it is a trouble
 * @param lost snapshots lost since it became one
 */
public record LossRate(float share, boolean high, long lost) {

  /** Of some ten windows. */
  private static final float WEIGHT = 0.1f;

  /** One snapshot lost in one window is nothing, two soon after one another are. */
  private static final float HIGH = 0.06f;

  private static final float LOW = 0.01f;

  public static LossRate none() {
    return new LossRate(0, false, 0);
  }

  /**
   * @param windowLost snapshots that never arrived, from 0
   * @param arrived snapshots that did, from 1
   */
  public LossRate observe(long windowLost, int arrived) {
    float now = (float) windowLost / (windowLost + arrived);
    float next = share + WEIGHT * (now - share);
    boolean nextHigh = high ? next >= LOW : next >= HIGH;
    return new LossRate(next, nextHigh, nextHigh ? lost + windowLost : 0);
  }
}

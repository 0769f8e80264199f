/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

/**
 * Which share of a host's snapshots is lost, lately: an exponentially weighted mean over the
 * snapshots it has sent, lost or not. Immutable, 13 bytes.
 *
 * <p>A snapshot counts, not a window: a single gap of a few is no trouble, however few arrive in a
 * window, and a gap of hours is one at once.
 *
 * @param share 0 to 1
 * @param high whether it is a trouble
 * @param lost snapshots lost since it became one
 */
public record LossRate(float share, boolean high, long lost) {

  /** What a snapshot counts: some thirty are remembered. */
  private static final double WEIGHT = 1.0 / 30;

  /**
   * Every fifth: some of those that come long after their time count as lost too, and a tenth of
   * them late is delivery as usual.
   */
  private static final float HIGH = 0.2f;

  private static final float LOW = 0.05f;

  public static LossRate none() {
    return new LossRate(0, false, 0);
  }

  /**
   * @param windowLost snapshots that never arrived, from 0
   * @param arrived snapshots that did, from 1
   */
  public LossRate observe(long windowLost, int arrived) {
    double sent = windowLost + arrived;
    double remembered = Math.pow(1 - WEIGHT, sent);
    float next = (float) (remembered * share + (1 - remembered) * windowLost / sent);
    boolean nextHigh = high ? next >= LOW : next >= HIGH;
    return new LossRate(next, nextHigh, nextHigh ? lost + windowLost : 0);
  }
}

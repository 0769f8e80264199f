/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

/**
 * A host's last snapshot in one event-time window.
 *
 * @param windowStartMillis first millisecond of the window
 * @param windowEndMillis first millisecond after it
 * @param snapshots distinct snapshots of the host in the window, from 1
 * @param lost snapshots that never arrived between the host's window before and the end of this
 *     one, from 0
 */
public record HostUsageInWindow(
    long windowStartMillis, long windowEndMillis, int snapshots, long lost, HostUsage usage) {

  /** A window in which nothing was lost. */
  public HostUsageInWindow(
      long windowStartMillis, long windowEndMillis, int snapshots, HostUsage usage) {
    this(windowStartMillis, windowEndMillis, snapshots, 0, usage);
  }

  public String hostId() {
    return usage.hostId();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

/**
 * A host's last snapshot in one event-time window.
 *
 * @param windowStartMillis first millisecond of the window
 * @param windowEndMillis first millisecond after it
 * @param snapshots distinct snapshots of the host in the window, from 1
 */
public record HostUsageInWindow(
    long windowStartMillis, long windowEndMillis, int snapshots, HostUsage usage) {
  public String hostId() {
    return usage.hostId();
  }
}

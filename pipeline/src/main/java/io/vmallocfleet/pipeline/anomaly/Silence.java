/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Heartbeat;

/**
 * When a host was heard, and whether it is silent.
 *
 * @param silent whether that has been said
 * @param timerMillis the timer that counts; others are left over
 */
public record Silence(HostCard host, Heartbeat heartbeat, boolean silent, long timerMillis) {
  Silence until(long millis) {
    return new Silence(host, heartbeat, silent, millis);
  }

  Silence said() {
    return new Silence(host, heartbeat, true, timerMillis);
  }
}

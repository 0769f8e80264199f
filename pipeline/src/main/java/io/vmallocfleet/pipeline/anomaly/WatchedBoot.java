/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

/** The boot a host is in, and in how many windows it has been seen since it was first. */
public record WatchedBoot(String bootId, int windows) {
  WatchedBoot next() {
    return new WatchedBoot(bootId, windows + 1);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.pipeline.usage.Cohort;

/**
 * The boot a host is in.
 *
 * @param cohort its kernel build
 * @param windows in how many windows it has been seen
 * @param sinceMillis start of the first of them
 * @param seenBooting whether the host was known in the boot before, so that this one is as old as
 *     it has been watched
 */
public record WatchedBoot(
    String bootId, Cohort cohort, int windows, long sinceMillis, boolean seenBooting) {
  WatchedBoot next() {
    return new WatchedBoot(bootId, cohort, windows + 1, sinceMillis, seenBooting);
  }

  /** Buckets since the host booted, -1 when nobody saw that. */
  int age(long windowEndMillis, long bucketMillis) {
    return seenBooting ? (int) ((windowEndMillis - sinceMillis) / bucketMillis) : -1;
  }
}

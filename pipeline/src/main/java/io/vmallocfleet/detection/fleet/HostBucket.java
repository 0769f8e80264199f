/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

/**
 * One host's part in the fleet for one bucket, all values in units of 4 KiB. Parallel arrays, one
 * entry a caller.
 *
 * @param cohort opaque name of the kernel build
 * @param formerCohort that of the boot before, where the host is compared with it; empty otherwise
 * @param age whole days since the host booted or was first seen, from 0
 * @param callers those the host shows or has shown in the last day, or in the boot before
 * @param level lowest value in the bucket; 0 where it did not show the caller all the time
 * @param growth level less that of a day ago in the same boot; null when it was not yet seen then
 * @param former level at this hour in the boot before; null without one
 * @param steady for how many buckets in a row each has grown evenly; below 0 shrunk
 */
public record HostBucket(
    long bucket,
    String cohort,
    String formerCohort,
    int age,
    String[] callers,
    int[] level,
    int[] growth,
    int[] former,
    int[] steady) {
  HostBucket withSteady(int[] newSteady) {
    return new HostBucket(
        bucket, cohort, formerCohort, age, callers, level, growth, former, newSteady);
  }
}

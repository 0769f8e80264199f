/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.CallerHistory;
import io.vmallocfleet.detection.Growth;
import io.vmallocfleet.detection.Trend;
import io.vmallocfleet.pipeline.usage.Cohort;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import javax.annotation.Nullable;

/**
 * What one host's history of one caller shows, for those who compare hosts: at the end of every
 * bucket of the slow test, and in between as long as it shows a leak and when that ends.
 *
 * @param caller as {@link io.vmallocfleet.pipeline.usage.CallerName} writes it
 * @param windowStartMillis first millisecond of the window
 * @param windowEndMillis first millisecond after it
 * @param bucketClosed whether the window closed a bucket: then every host that watches the caller
 *     reports, otherwise only those with something to say
 * @param age buckets since the host booted, from 0; -1 when nobody saw it boot
 * @param buckets buckets in the caller's ring, from 0
 * @param bytes memory the caller holds
 * @param growthBytes by how much the last third of the buckets lies above the first, medians; may
 *     be below 0
 * @param z Kendall's of that trend; 0 without one
 * @param suspect whether the trend is suspicious: a state to be counted over many hosts, nothing to
 *     tell anybody
 * @param fast whether the leak is one of hours, not of days
 * @param leak what this host alone would publish; null when it shows no leak
 * @param ended why a leak reported before is over; empty otherwise
 */
public record GrowthReport(
    String hostId,
    String caller,
    Cohort cohort,
    long windowStartMillis,
    long windowEndMillis,
    boolean bucketClosed,
    int age,
    int buckets,
    long bytes,
    long growthBytes,
    double z,
    boolean suspect,
    boolean fast,
    Finding leak,
    String ended) {

  static GrowthReport of(
      HostUsageInWindow host,
      String caller,
      long bytes,
      int age,
      CallerHistory.Observation seen,
      @Nullable Finding leak) {
    Growth growth = seen.next().growth();
    Trend trend = growth.trend();
    return new GrowthReport(
        host.hostId(),
        caller,
        host.usage().cohort(),
        host.windowStartMillis(),
        host.windowEndMillis(),
        seen.bucketClosed(),
        age,
        growth.ring().packed().length,
        bytes,
        growth.risenBytes(),
        trend == null ? 0 : trend.z(),
        trend != null,
        leak != null && seen.growth() == null,
        leak,
        "");
  }

  static GrowthReport ended(
      HostUsageInWindow host, String caller, Cohort cohort, long bytes, String why) {
    return new GrowthReport(
        host.hostId(),
        caller,
        cohort,
        host.windowStartMillis(),
        host.windowEndMillis(),
        false,
        -1,
        0,
        bytes,
        0,
        0,
        false,
        false,
        null,
        why);
  }

  /** Caller and cohort as one text: whose hosts are compared with one another. */
  public String key() {
    return String.join(
        "\n", caller, cohort.kernelRelease(), cohort.kernelBuild(), cohort.architecture());
  }
}

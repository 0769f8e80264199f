/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.io.Serializable;
import java.time.Duration;

/**
 * When a limit is close: by what is used of it, or by when it will be used up at the present rate.
 *
 * @param high share of the limit that is a ticket by itself, above 0 to 1
 * @param critical share that is a page, from {@code high} to 1
 * @param low share below which it is over, below {@code high}
 * @param risingFrom share below which no rate is looked at, from 0 to {@code high}
 * @param ticketWithin time to exhaustion that is a ticket
 * @param pageWithin time to exhaustion that is a page, at most {@code ticketWithin}
 * @param buckets buckets remembered for the rate, from 6
 * @param bucket length of a bucket
 */
public record HeadroomSettings(
    double high,
    double critical,
    double low,
    double risingFrom,
    Duration ticketWithin,
    Duration pageWithin,
    int buckets,
    Duration bucket)
    implements Serializable {

  /**
   * 85 % leaves time to act at usual rates; at 95 % of bpf_jit_limit the next container may fail. A
   * page by rate only when it would not last a night.
   */
  public static final HeadroomSettings DEFAULTS =
      new HeadroomSettings(
          0.85,
          0.95,
          0.80,
          0.5,
          Duration.ofHours(24),
          Duration.ofHours(8),
          24,
          Duration.ofMinutes(10));

  public HeadroomSettings {
    Constraint.check(high > 0 && high <= 1, "high", high, "above 0 to 1");
    Constraint.check(critical >= high && critical <= 1, "critical", critical, "high to 1");
    Constraint.check(low >= 0 && low < high, "low", low, "0 to below high");
    Constraint.check(risingFrom >= 0 && risingFrom <= high, "risingFrom", risingFrom, "0 to high");
    Constraint.check(
        pageWithin.compareTo(ticketWithin) <= 0, "pageWithin", pageWithin, "at most ticketWithin");
    Constraint.check(buckets >= 6, "buckets", buckets, "at least 6");
    Constraint.check(bucket.toMillis() >= 1, "bucket", bucket, "at least 1 ms");
  }

  /** The same for windows of a length: no bucket is shorter. */
  HeadroomSettings withWindow(Duration window) {
    return bucket.compareTo(window) >= 0
        ? this
        : new HeadroomSettings(
            high, critical, low, risingFrom, ticketWithin, pageWithin, buckets, window);
  }
}

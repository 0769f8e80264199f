/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import static io.vmallocfleet.pipeline.SnapshotBuilder.PAGE;
import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;

import io.vmallocfleet.pipeline.usage.Delivery;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Snapshots of 24 hosts, one a minute for some three hours, with a trouble of most kinds that has
 * begun and not ended at {@link #CUT}. The same on every machine and in every release: what a
 * savepoint holds half of must go on as the other half.
 *
 * <p>Buckets last a minute and days as short as they can be, as in {@code up}.
 */
final class TroubledFleet {
  static final int HOSTS = 24;
  static final int MINUTES = 170;

  /** Minute up to which the savepoint has seen everything. */
  static final int CUT = 120;

  /** How far the watermark stays behind the last snapshot. */
  static final long BEHIND_MILLIS = 30_000;

  static final PipelineConfig CONFIG =
      PipelineConfig.from(
          Map.of(
              "VMALLOC_PIPELINE_WINDOW", "1m",
              "VMALLOC_PIPELINE_GROWTH_BUCKET", "1m",
              "VMALLOC_PIPELINE_GROWTH_MINIMUM_Z", "3.5",
              "VMALLOC_PIPELINE_FLEET_DAY", "144m"));

  private static final long MINUTE = 60_000;
  private static final long MIB_PAGES = (1 << 20) / PAGE;
  private static final List<int[]> SENT = sent();

  private TroubledFleet() {}

  /** Snapshots that are sent at all. */
  static int size() {
    return SENT.size();
  }

  /** Of those the ones before {@link #CUT}. */
  static int sizeBeforeCut() {
    return (int) SENT.stream().filter(at -> at[0] < CUT).count();
  }

  /** What ends up to then has been told when the savepoint is taken: the watermark there. */
  static Instant toldBeforeCut() {
    long last = (CUT - 1) * MINUTE + 1000L * (HOSTS - 1);
    return Instant.ofEpochMilli(last - BEHIND_MILLIS);
  }

  private static List<int[]> sent() {
    List<int[]> sent = new ArrayList<>();
    for (int minute = 0; minute < MINUTES; minute++) {
      for (int host = 0; host < HOSTS; host++) {
        boolean silent = host == 3 && minute >= 100 && minute < 150;
        if (!silent) {
          sent.add(new int[] {minute, host});
        }
      }
    }
    return sent;
  }

  static Delivery delivery(long index) {
    int minute = SENT.get((int) index)[0];
    int host = SENT.get((int) index)[1];
    SnapshotBuilder snapshot =
        snapshot("host-%02d".formatted(host))
            .at(minute * MINUTE + 1000L * host)
            // Every other snapshot of this host is lost.
            .sequence(host == 8 && minute > 104 ? 2L * minute : minute)
            .blind(host == 4 && minute >= 110 && minute < 140 ? "permission denied" : "");
    snapshot.area("kernel_clone", 200 * MIB_PAGES + wobble(host, minute));
    snapshot.area("htab_map_alloc", 100 * MIB_PAGES * (host == 5 ? 20 : 1) + wobble(minute, host));
    if (host == 1) {
      snapshot.area("acme_alloc", (50 + 4 * Math.max(0, minute - 40)) * MIB_PAGES);
    }
    boolean jumped = host == 2 && minute >= 112 && minute < 130;
    snapshot.area("bucket_table_alloc", (jumped ? 600 : 50) * MIB_PAGES);
    if (host == 6) {
      snapshot.churn("kernel_clone", minute >= 100 && minute < 150 ? 5000 : 2);
    }
    return snapshot.delivery();
  }

  /** Pages that come and go, up to a MiB; a mixed hash, not a random number. */
  private static long wobble(int a, int b) {
    long mixed = (a * 1_000_003L + b) * 0x9E3779B97F4A7C15L;
    return (mixed >>> 40) % MIB_PAGES;
  }
}

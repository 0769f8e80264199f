/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.Map;
import javax.annotation.Nullable;

/**
 * A host in a list. Sizes are bytes, times epoch milliseconds; what its address mode cannot support
 * is null.
 *
 * @param changeBytes memory now against the oldest of the recent windows
 * @param unusable worst unusable free space index of the vmalloc window, 0 to 1
 * @param headroomUsed share of the tightest limit that is used, 0 to 1
 * @param spool null where the agent does not tell
 */
public record HostRow(
    String id,
    String hostname,
    HostState state,
    String kernelRelease,
    String kernelBuild,
    String architecture,
    Map<String, String> labels,
    String addressMode,
    long windowEnd,
    long takenAt,
    long bytes,
    @Nullable Long changeBytes,
    long areas,
    long mappedBytes,
    long unpurgedBytes,
    @Nullable Long largestHoleBytes,
    @Nullable Float unusable,
    @Nullable Float headroomUsed,
    long lostSnapshots,
    long clockAheadMillis,
    int malformedLines,
    @Nullable Spool spool) {

  /**
   * What waited on the host for the broker when its last snapshot was taken.
   *
   * @param maxBytes at which its agent drops the oldest
   */
  public record Spool(long snapshots, long bytes, long maxBytes) {}
}

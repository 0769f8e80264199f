/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * One host, as its last window shows it. Sizes are bytes, times epoch milliseconds; what cannot be
 * known is null.
 *
 * @param recent totals of the last windows
 * @param coarse totals of a day
 * @param callers the largest callers, with their recent windows where they are tracked
 */
public record HostView(
    long window,
    long windowMillis,
    HostRow host,
    String bootId,
    @Nullable String blind,
    long guardBytes,
    long unpurgedAreas,
    int snapshots,
    Map<String, Long> memory,
    List<Region> regions,
    List<CallerOnHost> callers,
    int callerCount,
    long jitBytes,
    Series recent,
    Series coarse,
    List<AlertView> alerts) {

  /** One window of the address space; meanings as in {@code AddressWindow} of the schemas. */
  public record Region(
      String region,
      long areas,
      long usedBytes,
      @Nullable Long runs,
      @Nullable Long spanBytes,
      @Nullable Long holes,
      @Nullable Long holeBytes,
      @Nullable Long largestHoleBytes,
      @Nullable List<Long> holeSizesLog2,
      @Nullable List<Unusable> unusable) {}

  /** Share of free bytes in holes too small for a request, 0 to 1. */
  public record Unusable(long requestBytes, double index) {}

  /** One caller there. */
  public record CallerOnHost(
      String function,
      String module,
      String family,
      String label,
      long areas,
      long bytes,
      long mappedBytes,
      @Nullable float[] recent) {}
}

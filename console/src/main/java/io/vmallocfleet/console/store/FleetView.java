/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.List;
import java.util.Map;

/**
 * The fleet at a glance. Sizes are bytes, times epoch milliseconds.
 *
 * @param window end of the newest window, 0 before the first
 * @param unusable hosts by worst unusable free space index, tenths from 0 to 1
 * @param headroom hosts by share of the tightest limit that is used, tenths from 0 to 1
 */
public record FleetView(
    long window,
    long windowMillis,
    Map<HostState, Long> hostsByState,
    long bytes,
    long areas,
    long mappedBytes,
    long unpurgedBytes,
    long callers,
    Series series,
    List<CallerRow> largest,
    List<CallerRow> movers,
    List<KernelRow> kernels,
    long[] unusable,
    long[] headroom,
    List<HostRow> leastHeadroom,
    List<HostRow> mostFragmented,
    Map<String, Long> alertsByState,
    List<AlertView> firing) {

  /**
   * One kernel build.
   *
   * @param bytesPerHost mean memory of its hosts, silent ones left out
   * @param drift that against the mean of all hosts, as a ratio; 1 is equal
   */
  public record KernelRow(
      String release,
      String build,
      String architecture,
      long hosts,
      double bytesPerHost,
      double drift) {}
}

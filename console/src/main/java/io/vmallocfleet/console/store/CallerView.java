/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.callers.CallerMeaning;
import java.util.List;

/**
 * One caller over the fleet. Sizes are bytes, times epoch milliseconds.
 *
 * @param series bytes, areas, hosts and quantiles of bytes per host
 * @param worstHosts those on which it holds most, largest first
 */
public record CallerView(
    long window,
    CallerRow now,
    CallerMeaning meaning,
    Series series,
    List<KernelShare> kernels,
    List<WorstHost> worstHosts,
    List<AlertView> alerts) {

  /**
   * The caller in one kernel build.
   *
   * @param quantiles smallest, median, 90th and 99th percentile and largest bytes per host
   * @param series hosts, and the median of bytes per host, coarse
   */
  public record KernelShare(
      String release,
      String build,
      String architecture,
      boolean current,
      long hosts,
      long areas,
      long bytes,
      double[] quantiles,
      Series series) {}

  /** One host's share. */
  public record WorstHost(String hostId, String hostname, long bytes, long areas, String kernel) {}
}

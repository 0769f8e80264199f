/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.util.List;

/** Where the report finds what a caller held on a host. */
@FunctionalInterface
public interface SeriesSource {
  /**
   * @param function caller; empty for the total of the host
   * @return ascending in time; empty when nothing is known
   */
  List<SeriesPoint> series(String hostId, String function, String module);
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.function.Predicate;

/** What the last windows of all hosts say of the way from the agents to the pipeline. */
final class Delivery {
  private static final int WORST = 20;

  private final HostTable hosts;
  private final FleetTotals totals;
  private final Windows windows;

  Delivery(HostTable hosts, FleetTotals totals, Windows windows) {
    this.hosts = hosts;
    this.totals = totals;
    this.windows = windows;
  }

  DeliveryView view(long rangeMillis) {
    long telling = 0;
    long waiting = 0;
    long snapshots = 0;
    long bytes = 0;
    long losing = 0;
    long lost = 0;
    for (HostEntry host : hosts.all()) {
      if (isHeard(host)) {
        telling += host.spoolMaxBytes > 0 ? 1 : 0;
        waiting += host.spoolSnapshots > 0 ? 1 : 0;
        snapshots += host.spoolSnapshots;
        bytes += host.spoolBytes;
        losing += host.lostSnapshots > 0 ? 1 : 0;
        lost += host.lostSnapshots;
      }
    }
    Predicate<HostEntry> heard = this::isHeard;
    return new DeliveryView(
        telling,
        waiting,
        snapshots,
        bytes,
        losing,
        lost,
        totals.series(windows, rangeMillis, FleetTotals.DELIVERY),
        hosts.first(HostQuery.Sort.SPOOL, heard.and(host -> host.spoolSnapshots > 0), WORST),
        hosts.first(HostQuery.Sort.LOST, heard.and(host -> host.lostSnapshots > 0), WORST));
  }

  private boolean isHeard(HostEntry host) {
    return hosts.state(host) != HostState.SILENT;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.local.records.CallerName;
import io.vmallocfleet.schemas.CallerWindow;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The whole fleet in one window.
 *
 * @param hosts hosts that reported in it
 * @param callers largest first, by memory, then by address space
 */
public record FleetWindow(Instant start, Instant end, int hosts, List<FleetCaller> callers) {
  public FleetWindow {
    callers = List.copyOf(callers);
  }

  /** Of all records of one window; at least one. */
  static FleetWindow of(Collection<CallerWindow> records, int hosts) {
    Map<CallerName, List<CallerWindow>> byCaller =
        records.stream()
            .collect(
                Collectors.groupingBy(
                    caller -> new CallerName(caller.getFunction(), caller.getModule()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    CallerWindow any = records.iterator().next();
    return new FleetWindow(
        any.getWindowStart(),
        any.getWindowEnd(),
        hosts,
        byCaller.values().stream()
            .map(FleetCaller::of)
            .sorted(
                Comparator.comparingLong(FleetCaller::bytes)
                    .thenComparingLong(FleetCaller::mappedBytes)
                    .reversed()
                    .thenComparing(caller -> caller.name().toString()))
            .toList());
  }

  public long areas() {
    return callers.stream().mapToLong(FleetCaller::areas).sum();
  }

  /** Memory of all callers on all hosts. */
  public long bytes() {
    return callers.stream().mapToLong(FleetCaller::bytes).sum();
  }
}

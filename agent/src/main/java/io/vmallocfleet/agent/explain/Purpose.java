/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.explain;

import io.vmallocfleet.callers.CallerFamily;
import java.util.List;

/**
 * The areas that serve one purpose, under whatever names.
 *
 * @param callers those with the most areas first
 */
public record Purpose(
    CallerFamily family, int areas, long pages, long bytes, List<CallerUse> callers) {

  static Purpose of(CallerFamily family, List<CallerUse> callers) {
    int areas = 0;
    long pages = 0;
    long bytes = 0;
    for (CallerUse caller : callers) {
      areas += caller.areas();
      pages += caller.pages();
      bytes += caller.bytes();
    }
    return new Purpose(family, areas, pages, bytes, List.copyOf(callers));
  }
}

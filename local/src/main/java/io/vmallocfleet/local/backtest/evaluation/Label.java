/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What is known to have happened in a recording: an incident, or something harmless that looks like
 * one.
 *
 * @param kinds finding kinds that name it rightly, the most fitting first
 * @param benign whether an alert on it is false
 * @param hostIds hosts it happened on; empty for the whole fleet
 * @param hostnames their names for people, in the same order
 * @param callers callers it shows in; empty for one that shows in no particular caller
 * @param visibleFrom when a perfect observer could first have told it from noise
 */
public record Label(
    String id,
    List<String> kinds,
    boolean benign,
    List<String> hostIds,
    List<String> hostnames,
    List<Caller> callers,
    String purpose,
    String cohort,
    Instant from,
    Instant to,
    Instant visibleFrom) {

  public Label {
    Objects.requireNonNull(id, "id is missing");
    Objects.requireNonNull(from, () -> "label " + id + ": from is missing");
    Objects.requireNonNull(to, () -> "label " + id + ": to is missing");
    kinds = kinds == null ? List.of() : List.copyOf(kinds);
    hostIds = hostIds == null ? List.of() : List.copyOf(hostIds);
    hostnames = hostnames == null ? List.of() : List.copyOf(hostnames);
    callers = callers == null ? List.of() : List.copyOf(callers);
    purpose = purpose == null ? "" : purpose;
    cohort = cohort == null ? "" : cohort;
    visibleFrom = visibleFrom == null ? from : visibleFrom;
    if (to.isBefore(from)) {
      throw new IllegalArgumentException(
          "label %s: to %s is before from %s".formatted(id, to, from));
    }
    if (!benign && kinds.isEmpty()) {
      throw new IllegalArgumentException("label %s: an incident needs a kind".formatted(id));
    }
  }

  /** The kind it is counted under. */
  public String kind() {
    return kinds.isEmpty() ? "" : kinds.get(0);
  }

  /**
   * A caller as findings name it.
   *
   * @param module empty for the kernel itself
   */
  public record Caller(String function, String module) {
    public Caller {
      Objects.requireNonNull(function, "function of a caller is missing");
      module = module == null ? "" : module;
    }
  }
}

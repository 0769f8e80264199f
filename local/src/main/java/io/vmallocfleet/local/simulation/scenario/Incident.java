/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import io.vmallocfleet.local.backtest.evaluation.Label;
import io.vmallocfleet.local.simulation.Effect;
import io.vmallocfleet.local.simulation.host.HostPlan;
import io.vmallocfleet.schemas.snapshot.Region;
import java.time.Instant;
import java.util.List;
import javax.annotation.Nullable;

/**
 * Something that happens, as it will be labelled, and what it is made of.
 *
 * @param kinds finding kinds that name it rightly, the most fitting first
 * @param callers callers whose memory it is; empty where it shows in no caller
 * @param cohort kernel build it happens in; empty for any
 * @param strikes what does it, host by host
 * @param request what no longer fits when it becomes visible; null where bytes or nothing tell
 */
public record Incident(
    String id,
    List<String> kinds,
    boolean benign,
    List<Label.Caller> callers,
    String purpose,
    String cohort,
    Instant from,
    Instant to,
    List<Strike> strikes,
    @Nullable Request request) {
  public Incident {
    kinds = List.copyOf(kinds);
    callers = List.copyOf(callers);
    strikes = List.copyOf(strikes);
  }

  /** An effect on a host, and the callers there that it moves. */
  public record Strike(HostPlan host, Effect effect, List<Label.Caller> callers) {}

  /** A request for address space, guard page included. */
  public record Request(Region region, long bytes) {}
}

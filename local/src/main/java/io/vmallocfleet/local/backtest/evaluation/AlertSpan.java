/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import javax.annotation.Nullable;

/**
 * An alert from the moment it fired until it was over.
 *
 * @param severity PAGE, TICKET or INFO
 * @param hostId host it is about; empty for one about the fleet
 * @param function caller it is about; empty for one about no caller
 * @param worstHostIds hosts a fleet alert names, worst first
 * @param resolvedAt null while it lasts
 * @param sentence what it tells a person
 * @param detector who raised it
 */
public record AlertSpan(
    String id,
    String kind,
    String severity,
    String hostId,
    String hostname,
    String function,
    String module,
    String purpose,
    String cohort,
    String owner,
    List<String> worstHostIds,
    Instant firedAt,
    @Nullable Instant resolvedAt,
    String sentence,
    String detector) {

  public AlertSpan {
    Objects.requireNonNull(firedAt, "firedAt is missing");
    worstHostIds = List.copyOf(worstHostIds);
  }

  boolean page() {
    return severity.equals("PAGE");
  }

  /** Where it is, for a person. */
  String place() {
    String caller = module.isEmpty() ? function : function + " [" + module + "]";
    String host = hostId.isEmpty() ? "the fleet" : hostname.isEmpty() ? hostId : hostname;
    return caller.isEmpty() ? host : caller + " on " + host;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import com.fasterxml.jackson.annotation.JsonProperty;
import javax.annotation.Nullable;

/**
 * What a fault did, one row of {@code docs/reliability.md}.
 *
 * @param hosts simulated ones, beside the real agent
 * @param everySeconds a host sends a snapshot
 * @param sent snapshots in the windows looked at
 * @param lost of them in no window and not among the dead letters, or not in the topic at all
 * @param told of the lost and late ones, those that the windows themselves say are lost
 * @param late came after their window was closed: among the dead letters
 * @param doubled counted twice
 * @param pages about the leak and what began in this fault and those before, beyond the first each
 * @param recoverySeconds from the end of the cause until a window that began after it was readable
 * @param alertStands whether Alertmanager was told after the fault that the leak still fires
 * @param beginningTold whether somebody was told of a host that went blind in the fault; null in
 *     results from before that was looked at
 * @param problem what did not come true in time; empty when all did
 */
record Outcome(
    String fault,
    String what,
    int hosts,
    @JsonProperty("every_seconds") long everySeconds,
    long sent,
    long lost,
    long told,
    long late,
    long doubled,
    long pages,
    @JsonProperty("recovery_seconds") double recoverySeconds,
    @JsonProperty("alert_stands") boolean alertStands,
    @JsonProperty("beginning_told") @Nullable Boolean beginningTold,
    String problem,
    String at) {

  /**
   * Something was sent, no accepted snapshot is missing without a word, none counts twice, the
   * alert goes on, one that begins is told, and nobody is told again.
   */
  boolean isGood() {
    return problem.isEmpty()
        && sent > 0
        && lost <= told
        && doubled == 0
        && alertStands
        && !Boolean.FALSE.equals(beginningTold)
        && pages == 0;
  }
}

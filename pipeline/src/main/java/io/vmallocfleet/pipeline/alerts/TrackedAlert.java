/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.alerts.AlertMemory;
import io.vmallocfleet.alerts.Circumstances;
import io.vmallocfleet.schemas.Finding;
import java.util.Objects;

/**
 * State of one alert in the job.
 *
 * @param finding the last one about it
 * @param timerMillis event-time timer that is set; 0 for none
 * @param shownMillis event time up to which the topic shows it
 * @param shown hash of what the topic shows, the finding aside
 */
public record TrackedAlert(
    AlertMemory memory,
    Circumstances circumstances,
    Finding finding,
    long timerMillis,
    long shownMillis,
    int shown) {

  /** What is worth a record at once when it changes. */
  int appearance(String team) {
    return Objects.hash(
        memory.state(),
        memory.severity(),
        memory.flapping(),
        memory.told(),
        memory.acknowledger(),
        memory.changes().size(),
        memory.firingSinceMillis(),
        circumstances.mutedBy(),
        circumstances.foldedInto(),
        team);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import io.vmallocfleet.schemas.Finding;
import java.time.Instant;

/**
 * One finding and how often it was confirmed.
 *
 * @param latest as the last window that confirmed it tells it
 * @param windows windows that confirmed it, from 1
 * @param firstSeen start of the first of them
 */
public record FindingHistory(Finding latest, long windows, Instant firstSeen) {

  static FindingHistory beginning(Finding finding) {
    return new FindingHistory(finding, 1, finding.getWindowStart());
  }

  /** With that confirmation, unless it is a repeated delivery. */
  FindingHistory then(Finding finding) {
    return finding.getWindowEnd().isAfter(lastSeen())
        ? new FindingHistory(finding, windows + 1, firstSeen)
        : this;
  }

  /** End of the last window that confirmed it. */
  public Instant lastSeen() {
    return latest.getWindowEnd();
  }
}

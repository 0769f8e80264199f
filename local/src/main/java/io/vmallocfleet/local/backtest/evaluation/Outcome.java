/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Duration;
import java.util.List;
import javax.annotation.Nullable;

/**
 * What became of a label. Of an incident: whether it was found. Of something harmless: which alerts
 * fell for it.
 *
 * @param first the first alert of a right kind; null when there was none
 * @param delay from visibleFrom to it, below 0 when it came before; null when there was none
 * @param delayFromStart from the label's beginning
 * @param alerts all alerts on it, of other kinds too, as they fired
 */
public record Outcome(
    Label label,
    @Nullable AlertSpan first,
    @Nullable Duration delay,
    @Nullable Duration delayFromStart,
    List<AlertSpan> alerts) {
  public Outcome {
    alerts = List.copyOf(alerts);
  }

  boolean found() {
    return first != null;
  }

  boolean foundByAnyKind() {
    return !alerts.isEmpty();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.FleetTopic;
import java.util.Comparator;
import java.util.List;

/** Every alert as it is now, the loudest and latest first. */
record KnownAlerts(List<Alert> alerts) {
  /** Characters of a fingerprint that are shown; fewer may do to name an alert. */
  static final int SHOWN_ID = 12;

  private static final Comparator<Alert> LOUDEST_FIRST =
      Comparator.comparing((Alert alert) -> alert.getState() == AlertState.RESOLVED)
          .thenComparing(Comparator.comparing(Alert::getSeverity).reversed())
          .thenComparing(Comparator.comparing(Alert::getUpdatedAt).reversed())
          .thenComparing(Alert::getFingerprint);

  static KnownAlerts read(KafkaAccess kafka) {
    return new KnownAlerts(
        new CompactedTopic<>(kafka, FleetTopic.ALERTS, Alert.class)
            .read().stream().sorted(LOUDEST_FIRST).toList());
  }

  /**
   * The one whose fingerprint begins so.
   *
   * @throws StackException if none does, or several
   */
  Alert named(String beginning) {
    List<Alert> named =
        alerts.stream().filter(a -> a.getFingerprint().startsWith(beginning)).toList();
    if (named.isEmpty()) {
      throw new StackException(
          "No alert \"%s\": ./vmalloc-fleet alerts list --all shows those there are"
              .formatted(beginning));
    }
    if (named.size() > 1) {
      throw new StackException(
          "%d alerts begin with \"%s\": give more of it".formatted(named.size(), beginning));
    }
    return named.get(0);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import java.util.ArrayList;
import java.util.List;

/** One alert, driven minute by minute, and what on-call would have been told of it. */
final class Timeline {
  static final long MINUTE = 60_000;

  private final AlertPolicy policy;
  private final List<String> told = new ArrayList<>();
  private AlertMemory alert = AlertMemory.NOTHING;
  private Circumstances circumstances = Circumstances.ORDINARY;

  Timeline(FindingKind kind) {
    this.policy = AlertPolicy.of(kind);
  }

  Timeline seen(int minute) {
    return seen(minute, Severity.TICKET);
  }

  Timeline seen(int minute, Severity severity) {
    return on(new AlertEvent.Seen(minute * MINUTE, severity, MINUTE, MINUTE));
  }

  Timeline seenFrom(int first, int last) {
    for (int minute = first; minute <= last; minute++) {
      seen(minute);
    }
    return this;
  }

  Timeline gone(int minute) {
    return on(new AlertEvent.Gone(minute * MINUTE, "back at its baseline"));
  }

  Timeline passes(int minute) {
    return on(new AlertEvent.TimePassed(minute * MINUTE));
  }

  Timeline acknowledged(int minute, boolean untilResolved) {
    return on(new AlertEvent.Acknowledged(minute * MINUTE, "ann", "fix rolls out", untilResolved));
  }

  Timeline amid(int minute, Circumstances next) {
    circumstances = next;
    return passes(minute);
  }

  Timeline on(AlertEvent event) {
    boolean knew = alert.told() && alert.isOpen();
    alert = AlertLifecycle.after(alert, event, policy, circumstances);
    boolean knows = alert.told() && alert.isOpen();
    if (knows != knew) {
      told.add((knows ? "fires at " : "over at ") + event.atMillis() / MINUTE);
    }
    return this;
  }

  /** As the job's timer does: time passes just when that would end it. */
  Timeline until(int minute) {
    long ends = AlertLifecycle.endsUnlessSeen(alert, policy, circumstances);
    return ends <= minute * MINUTE ? on(new AlertEvent.TimePassed(ends)) : this;
  }

  AlertMemory alert() {
    return alert;
  }

  AlertState state() {
    return alert.state();
  }

  List<String> told() {
    return told;
  }

  String lastReason() {
    return alert.changes().get(alert.changes().size() - 1).reason();
  }
}

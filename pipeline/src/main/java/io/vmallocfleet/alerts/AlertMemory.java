/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.Severity;
import java.util.ArrayList;
import java.util.List;
import javax.annotation.Nullable;

/**
 * What is remembered of one alert. Immutable. Times are milliseconds since the epoch, event time; 0
 * where there is none.
 *
 * @param severity after hysteresis
 * @param easedSinceMillis since when windows show less than {@code severity}
 * @param told whether on-call has been told of the present episode
 * @param pendingSinceMillis first window of the episode
 * @param lastSeenMillis last window that showed it
 * @param goneMillis when a detector said it is gone, and no window has shown it since
 * @param windowMillis length of the windows
 * @param stepMillis how long its detector may be silent between two windows that show it
 * @param interruptions how often it was gone and came back, lately
 * @param lastReturnMillis when it came back last
 * @param episodes how often it has fired
 * @param changes the last ones, oldest first, at most {@value #CHANGES_KEPT}
 */
public record AlertMemory(
    AlertState state,
    Severity severity,
    long easedSinceMillis,
    boolean flapping,
    boolean told,
    long pendingSinceMillis,
    long firingSinceMillis,
    long resolvedAtMillis,
    long lastSeenMillis,
    long goneMillis,
    String goneBecause,
    long windowMillis,
    long stepMillis,
    int interruptions,
    long lastReturnMillis,
    long episodes,
    @Nullable Acknowledger acknowledger,
    List<StateChange> changes) {

  public static final int CHANGES_KEPT = 32;

  /** Before anything happened. */
  public static final AlertMemory NOTHING =
      new AlertMemory(
          AlertState.UNKNOWN,
          Severity.INFO,
          0,
          false,
          false,
          0,
          0,
          0,
          0,
          0,
          "",
          1,
          1,
          0,
          0,
          0,
          null,
          List.of());

  public AlertMemory {
    changes = List.copyOf(changes);
  }

  /** Whether there is, or may be, a trouble: pending, firing or acknowledged. */
  public boolean isOpen() {
    return state == AlertState.PENDING
        || state == AlertState.FIRING
        || state == AlertState.ACKNOWLEDGED;
  }

  /** With what a window that shows it changes, whatever state it is in. */
  AlertMemory seen(AlertEvent.Seen seen) {
    long flapMillis = AlertPolicy.FLAP_WINDOWS * seen.windowMillis();
    boolean reopened = state == AlertState.RESOLVED;
    boolean soonAfterEnd =
        reopened && episodes > 0 && seen.atMillis() - resolvedAtMillis <= flapMillis;
    boolean returned = soonAfterEnd || (isOpen() && goneMillis > 0);
    boolean calm = seen.atMillis() - lastReturnMillis > flapMillis;
    int breaks = (calm ? 0 : interruptions) + (returned ? 1 : 0);
    boolean flaps =
        soonAfterEnd || breaks >= AlertPolicy.INTERRUPTIONS || (flapping && !calm && !reopened);

    boolean fresh = !isOpen();
    boolean eased = !fresh && seen.severity().compareTo(severity) < 0;
    long easedSince = eased ? (easedSinceMillis == 0 ? seen.atMillis() : easedSinceMillis) : 0;
    boolean falls =
        eased && seen.atMillis() - easedSince >= AlertPolicy.EASING_WINDOWS * seen.windowMillis();
    return new AlertMemory(
        state,
        eased && !falls ? severity : seen.severity(),
        falls ? 0 : easedSince,
        flaps,
        fresh ? false : told,
        fresh ? seen.atMillis() : pendingSinceMillis,
        fresh ? 0 : firingSinceMillis,
        fresh ? 0 : resolvedAtMillis,
        seen.atMillis(),
        0,
        "",
        seen.windowMillis(),
        seen.stepMillis(),
        breaks,
        returned ? seen.atMillis() : lastReturnMillis,
        episodes,
        fresh ? null : acknowledger,
        changes);
  }

  /** With what a detector's word that it is gone changes. */
  AlertMemory gone(AlertEvent.Gone gone) {
    return isOpen() && goneMillis == 0
        ? with(state, told, acknowledger, gone.atMillis(), gone.because(), changes)
        : this;
  }

  /** In a state, with the change noted if it is another one. */
  AlertMemory in(AlertState next, long atMillis, String reason, String by) {
    List<StateChange> noted = new ArrayList<>(changes);
    noted.add(new StateChange(atMillis, state, next, reason, by));
    if (noted.size() > CHANGES_KEPT) {
      noted.remove(0);
    }
    boolean fires = next == AlertState.FIRING && firingSinceMillis == 0;
    boolean ends = next == AlertState.RESOLVED;
    return new AlertMemory(
        next,
        severity,
        easedSinceMillis,
        flapping,
        told,
        pendingSinceMillis,
        fires ? atMillis : firingSinceMillis,
        ends ? atMillis : resolvedAtMillis,
        lastSeenMillis,
        goneMillis,
        goneBecause,
        windowMillis,
        stepMillis,
        interruptions,
        lastReturnMillis,
        episodes + (fires ? 1 : 0),
        next == AlertState.ACKNOWLEDGED ? acknowledger : null,
        noted);
  }

  AlertMemory acknowledgedBy(Acknowledger who) {
    return with(state, told, who, goneMillis, goneBecause, changes);
  }

  AlertMemory told(boolean nowTold) {
    return nowTold == told
        ? this
        : with(state, nowTold, acknowledger, goneMillis, goneBecause, changes);
  }

  private AlertMemory with(
      AlertState nextState,
      boolean nextTold,
      @Nullable Acknowledger nextAcknowledger,
      long nextGone,
      String nextGoneBecause,
      List<StateChange> nextChanges) {
    return new AlertMemory(
        nextState,
        severity,
        easedSinceMillis,
        flapping,
        nextTold,
        pendingSinceMillis,
        firingSinceMillis,
        resolvedAtMillis,
        lastSeenMillis,
        nextGone,
        nextGoneBecause,
        windowMillis,
        stepMillis,
        interruptions,
        lastReturnMillis,
        episodes,
        nextAcknowledger,
        nextChanges);
  }
}

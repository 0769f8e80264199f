/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import static io.vmallocfleet.schemas.AlertState.ACKNOWLEDGED;
import static io.vmallocfleet.schemas.AlertState.FIRING;
import static io.vmallocfleet.schemas.AlertState.PENDING;
import static io.vmallocfleet.schemas.AlertState.RESOLVED;
import static io.vmallocfleet.schemas.AlertState.UNKNOWN;

import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.Severity;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The state machine of every alert: what is remembered and what happens give what is remembered
 * next. The same events give the same alerts, in every run.
 *
 * <p>Whether anybody is told follows from the state and is no column of its own: see {@link #tell}.
 * Events older than what is known already, such as a finding delivered twice, change nothing.
 */
public final class AlertLifecycle {
  private static final Set<AlertState> NONE = EnumSet.of(UNKNOWN, RESOLVED);
  private static final Set<AlertState> HELD = EnumSet.of(FIRING, ACKNOWLEDGED);
  private static final Set<AlertState> UNTAKEN = EnumSet.of(PENDING, FIRING);
  private static final Set<AlertState> OPEN = EnumSet.of(PENDING, FIRING, ACKNOWLEDGED);

  /** The first row that applies is taken; where none does, the state stays as it is. */
  private static final List<Row<?>> TABLE =
      List.of(
          // in state, on, when, becomes, because
          row(NONE, AlertEvent.Seen.class, Case::confirmed, FIRING, c -> "seen"),
          row(NONE, AlertEvent.Seen.class, Case::always, PENDING, Case::notYetConfirmed),
          row(PENDING, AlertEvent.Seen.class, Case::confirmed, FIRING, Case::seenFor),
          row(PENDING, AlertEvent.Gone.class, Case::always, RESOLVED, Case::goneTooSoon),
          row(PENDING, AlertEvent.TimePassed.class, Case::quiet, RESOLVED, Case::notSeenFor),
          row(ACKNOWLEDGED, AlertEvent.Seen.class, Case::worse, FIRING, Case::nowWorse),
          row(HELD, AlertEvent.TimePassed.class, Case::quiet, RESOLVED, Case::notSeenFor),
          row(HELD, AlertEvent.Gone.class, Case::quiet, RESOLVED, Case::notSeenFor),
          row(OPEN, AlertEvent.Ended.class, Case::always, RESOLVED, c -> c.event().because()),
          row(UNTAKEN, AlertEvent.Acknowledged.class, Case::always, ACKNOWLEDGED, Case::taken),
          row(ACKNOWLEDGED, AlertEvent.Acknowledged.class, Case::always, ACKNOWLEDGED, Case::taken),
          row(ACKNOWLEDGED, AlertEvent.Withdrawn.class, Case::always, FIRING, Case::givenBack));

  private AlertLifecycle() {}

  /** What an event makes of an alert. */
  public static AlertMemory after(
      AlertMemory known, AlertEvent event, AlertPolicy policy, Circumstances circumstances) {
    if (isOld(known, event)) {
      return known;
    }
    AlertMemory noted = noted(known, event);
    for (Row<?> row : TABLE) {
      if (row.applies(noted, event, policy, circumstances)) {
        return tell(row.take(noted, event, policy, circumstances), circumstances);
      }
    }
    return tell(noted, circumstances);
  }

  /**
   * When {@link AlertEvent.TimePassed} would end it unless something is seen until then,
   * milliseconds since the epoch; {@link Long#MAX_VALUE} for never.
   */
  public static long endsUnlessSeen(
      AlertMemory known, AlertPolicy policy, Circumstances circumstances) {
    if (!known.isOpen()) {
      return Long.MAX_VALUE;
    }
    boolean flaps = known.flapping();
    if (known.goneMillis() > 0) {
      int quiet = flaps ? AlertPolicy.FLAP_WINDOWS : policy.quietWindows();
      return known.goneMillis() + quiet * known.windowMillis();
    }
    if (policy.silentWindows() == AlertPolicy.NEVER || circumstances.hostSilent()) {
      return Long.MAX_VALUE;
    }
    int silent = flaps ? AlertPolicy.FLAP_WINDOWS : policy.silentWindows();
    return Math.max(known.lastSeenMillis(), circumstances.heardAgainMillis())
        + Math.max(silent * known.windowMillis(), detectorsSilence(known));
  }

  /** A detector that judges by the bucket may skip one. */
  private static long detectorsSilence(AlertMemory known) {
    return known.stepMillis() > known.windowMillis() ? 2 * known.stepMillis() : 0;
  }

  /**
   * On-call is told of what fires, is more than INFO and not hushed: then, or as soon as it no
   * longer is. Once told they are told of the end too, whatever was hushed meanwhile.
   */
  private static AlertMemory tell(AlertMemory alert, Circumstances circumstances) {
    boolean fires = alert.state() == FIRING && alert.severity() != Severity.INFO;
    return fires && !circumstances.hushed() ? alert.told(true) : alert;
  }

  private static boolean isOld(AlertMemory known, AlertEvent event) {
    if (event instanceof AlertEvent.Seen || event instanceof AlertEvent.Gone) {
      return event.atMillis() <= known.lastSeenMillis();
    }
    if (event instanceof AlertEvent.Acknowledged && known.acknowledger() != null) {
      return event.atMillis() <= known.acknowledger().atMillis();
    }
    return event instanceof AlertEvent.Ended && event.atMillis() < known.lastSeenMillis();
  }

  private static AlertMemory noted(AlertMemory known, AlertEvent event) {
    if (event instanceof AlertEvent.Seen seen) {
      return known.seen(seen);
    }
    if (event instanceof AlertEvent.Gone gone) {
      return known.gone(gone);
    }
    if (event instanceof AlertEvent.Acknowledged taken && known.isOpen()) {
      return known.acknowledgedBy(
          new Acknowledger(
              taken.atMillis(), taken.by(), taken.why(), taken.untilResolved(), known.severity()));
    }
    return known;
  }

  /** An alert and what happens to it. */
  private record Case<E extends AlertEvent>(
      AlertMemory alert, E event, AlertPolicy policy, Circumstances circumstances) {

    boolean always() {
      return true;
    }

    boolean confirmed() {
      return event.atMillis() - alert.pendingSinceMillis()
          >= policy.confirmWindows() * alert.windowMillis();
    }

    boolean worse() {
      Acknowledger who = alert.acknowledger();
      return who == null
          || (!who.untilResolved() && alert.severity().compareTo(who.severity()) > 0);
    }

    boolean quiet() {
      return event.atMillis() >= endsUnlessSeen(alert, policy, circumstances);
    }

    String notYetConfirmed() {
      return "seen; fires if it is still there after " + windows(policy.confirmWindows());
    }

    String seenFor() {
      return "seen for " + spoken(event.atMillis() - alert.pendingSinceMillis());
    }

    String goneTooSoon() {
      return alert.goneBecause().isEmpty() ? "gone before it fired" : alert.goneBecause();
    }

    String notSeenFor() {
      String quiet = "not seen for " + spoken(event.atMillis() - alert.lastSeenMillis());
      return alert.goneBecause().isEmpty() ? quiet : alert.goneBecause() + "; " + quiet;
    }

    String nowWorse() {
      return "became " + alert.severity() + " after it was acknowledged";
    }

    String taken() {
      return alert.acknowledger() == null ? "" : alert.acknowledger().why();
    }

    String givenBack() {
      return event instanceof AlertEvent.Withdrawn withdrawn ? withdrawn.why() : "";
    }

    String by() {
      if (event instanceof AlertEvent.Acknowledged acknowledged) {
        return acknowledged.by();
      }
      return event instanceof AlertEvent.Withdrawn withdrawn ? withdrawn.by() : "";
    }

    private String windows(int count) {
      return spoken(count * alert.windowMillis());
    }

    private static String spoken(long millis) {
      Duration time = Duration.ofMillis(millis);
      if (time.toHours() >= 48) {
        return time.toDays() + " d";
      }
      if (time.toMinutes() >= 120) {
        return time.toHours() + " h";
      }
      return time.toSeconds() >= 120 ? time.toMinutes() + " min" : time.toSeconds() + " s";
    }
  }

  /** One line of the table. */
  private record Row<E extends AlertEvent>(
      Set<AlertState> from,
      Class<E> on,
      Function<Case<E>, Boolean> when,
      AlertState to,
      Function<Case<E>, String> because) {

    boolean applies(
        AlertMemory alert, AlertEvent event, AlertPolicy policy, Circumstances circumstances) {
      return from.contains(alert.state())
          && on.isInstance(event)
          && when.apply(new Case<>(alert, on.cast(event), policy, circumstances));
    }

    AlertMemory take(
        AlertMemory alert, AlertEvent event, AlertPolicy policy, Circumstances circumstances) {
      var happened = new Case<>(alert, on.cast(event), policy, circumstances);
      return alert.in(to, event.atMillis(), because.apply(happened), happened.by());
    }
  }

  private static <E extends AlertEvent> Row<E> row(
      Set<AlertState> from,
      Class<E> on,
      Function<Case<E>, Boolean> when,
      AlertState to,
      Function<Case<E>, String> because) {
    return new Row<>(from, on, when, to, because);
  }

  private static <E extends AlertEvent> Row<E> row(
      AlertState from,
      Class<E> on,
      Function<Case<E>, Boolean> when,
      AlertState to,
      Function<Case<E>, String> because) {
    return new Row<>(EnumSet.of(from), on, when, to, because);
  }
}

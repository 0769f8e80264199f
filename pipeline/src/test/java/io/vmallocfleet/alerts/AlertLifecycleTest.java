/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import static io.vmallocfleet.schemas.AlertState.ACKNOWLEDGED;
import static io.vmallocfleet.schemas.AlertState.FIRING;
import static io.vmallocfleet.schemas.AlertState.PENDING;
import static io.vmallocfleet.schemas.AlertState.RESOLVED;
import static io.vmallocfleet.schemas.AlertState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import io.vmallocfleet.detection.Heartbeat;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class AlertLifecycleTest {
  private static final long MINUTE = Timeline.MINUTE;

  /** Waits two windows to fire; ends twelve after the last one that showed it. */
  private static final AlertPolicy CHURN = AlertPolicy.of(FindingKind.CHURN);

  private static final AlertEvent SEEN =
      new AlertEvent.Seen(100 * MINUTE, Severity.TICKET, MINUTE, MINUTE);
  private static final AlertEvent SEEN_WORSE =
      new AlertEvent.Seen(100 * MINUTE, Severity.PAGE, MINUTE, MINUTE);
  private static final AlertEvent GONE = new AlertEvent.Gone(100 * MINUTE, "gone");
  private static final AlertEvent ENDED = new AlertEvent.Ended(100 * MINUTE, "the host rebooted");
  private static final AlertEvent ELEVEN_QUIET = new AlertEvent.TimePassed(110 * MINUTE);
  private static final AlertEvent TWELVE_QUIET = new AlertEvent.TimePassed(111 * MINUTE);
  private static final AlertEvent TAKEN =
      new AlertEvent.Acknowledged(100 * MINUTE, "ann", "why", false);
  private static final AlertEvent GIVEN_BACK = new AlertEvent.Withdrawn(100 * MINUTE, "ann", "why");

  /** Each was last seen at minute 99, and for two minutes at least. */
  private static Stream<Arguments> transitions() {
    return Stream.of(
        //        in state      on           becomes       told
        arguments(UNKNOWN, SEEN, PENDING, false),
        arguments(UNKNOWN, GONE, UNKNOWN, false),
        arguments(UNKNOWN, ENDED, UNKNOWN, false),
        arguments(UNKNOWN, TWELVE_QUIET, UNKNOWN, false),
        arguments(UNKNOWN, TAKEN, UNKNOWN, false),
        arguments(UNKNOWN, GIVEN_BACK, UNKNOWN, false),
        arguments(PENDING, SEEN, FIRING, true),
        arguments(PENDING, GONE, RESOLVED, false),
        arguments(PENDING, ENDED, RESOLVED, false),
        arguments(PENDING, ELEVEN_QUIET, PENDING, false),
        arguments(PENDING, TWELVE_QUIET, RESOLVED, false),
        arguments(PENDING, TAKEN, ACKNOWLEDGED, false),
        arguments(PENDING, GIVEN_BACK, PENDING, false),
        arguments(FIRING, SEEN, FIRING, true),
        arguments(FIRING, GONE, FIRING, true),
        arguments(FIRING, ENDED, RESOLVED, true),
        arguments(FIRING, ELEVEN_QUIET, FIRING, true),
        arguments(FIRING, TWELVE_QUIET, RESOLVED, true),
        arguments(FIRING, TAKEN, ACKNOWLEDGED, true),
        arguments(FIRING, GIVEN_BACK, FIRING, true),
        arguments(ACKNOWLEDGED, SEEN, ACKNOWLEDGED, true),
        arguments(ACKNOWLEDGED, SEEN_WORSE, FIRING, true),
        arguments(ACKNOWLEDGED, GONE, ACKNOWLEDGED, true),
        arguments(ACKNOWLEDGED, ENDED, RESOLVED, true),
        arguments(ACKNOWLEDGED, ELEVEN_QUIET, ACKNOWLEDGED, true),
        arguments(ACKNOWLEDGED, TWELVE_QUIET, RESOLVED, true),
        arguments(ACKNOWLEDGED, TAKEN, ACKNOWLEDGED, true),
        arguments(ACKNOWLEDGED, GIVEN_BACK, FIRING, true),
        arguments(RESOLVED, SEEN, PENDING, false),
        arguments(RESOLVED, GONE, RESOLVED, true),
        arguments(RESOLVED, ENDED, RESOLVED, true),
        arguments(RESOLVED, TWELVE_QUIET, RESOLVED, true),
        arguments(RESOLVED, TAKEN, RESOLVED, true),
        arguments(RESOLVED, GIVEN_BACK, RESOLVED, true));
  }

  @ParameterizedTest(name = "{0} on {1} becomes {2}, told: {3}")
  @MethodSource("transitions")
  void every_state_answers_every_event(
      AlertState state, AlertEvent event, AlertState next, boolean told) {
    AlertMemory alert = inState(state).alert();
    assertThat(alert.state()).isEqualTo(state);

    AlertMemory after = AlertLifecycle.after(alert, event, CHURN, Circumstances.ORDINARY);

    assertThat(after.state()).isEqualTo(next);
    assertThat(after.told()).isEqualTo(told);
    if (state != next) {
      StateChange last = after.changes().get(after.changes().size() - 1);
      assertThat(last.from()).isEqualTo(state);
      assertThat(last.to()).isEqualTo(next);
      assertThat(last.reason()).isNotBlank();
    }
  }

  private static Timeline inState(AlertState state) {
    var timeline = new Timeline(FindingKind.CHURN);
    return switch (state) {
      case UNKNOWN -> timeline;
      case PENDING -> timeline.seen(98).seen(99);
      case FIRING -> timeline.seenFrom(97, 99);
      case ACKNOWLEDGED -> timeline.seenFrom(97, 99).acknowledged(99, false);
      case RESOLVED ->
          timeline.seenFrom(97, 99).on(new AlertEvent.Ended(99 * MINUTE, "the host left"));
    };
  }

  @Test
  void fires_once_it_was_seen_for_long_enough() {
    var churn = new Timeline(FindingKind.CHURN).seenFrom(1, 3);

    assertThat(churn.told()).containsExactly("fires at 3");
    assertThat(churn.alert().firingSinceMillis()).isEqualTo(3 * MINUTE);
    assertThat(churn.alert().changes())
        .extracting(StateChange::reason)
        .containsExactly("seen; fires if it is still there after 2 min", "seen for 2 min");
  }

  @Test
  void detectors_that_waited_themselves_fire_at_once() {
    assertThat(new Timeline(FindingKind.LEAK).seen(1).told()).containsExactly("fires at 1");
  }

  @Test
  void what_goes_on_is_told_once() {
    assertThat(new Timeline(FindingKind.LEAK).seenFrom(1, 500).told())
        .containsExactly("fires at 1");
  }

  @Test
  void a_finding_delivered_twice_changes_nothing() {
    AlertMemory once = new Timeline(FindingKind.LEAK).seen(1).seen(2).alert();

    assertThat(new Timeline(FindingKind.LEAK).seen(1).seen(2).seen(1).seen(2).gone(2).alert())
        .isEqualTo(once);
  }

  @Test
  void keeps_firing_through_a_short_end() {
    var leak = new Timeline(FindingKind.LEAK).seen(1).gone(2).until(6).seen(6).until(10);

    assertThat(leak.told()).containsExactly("fires at 1");
    assertThat(leak.state()).isEqualTo(FIRING);
    assertThat(leak.alert().goneMillis()).isZero();
  }

  @Test
  void is_over_when_it_stays_away() {
    var leak = new Timeline(FindingKind.LEAK).seenFrom(1, 4).gone(5).until(10);

    assertThat(leak.told()).containsExactly("fires at 1", "over at 10");
    assertThat(leak.lastReason()).isEqualTo("back at its baseline; not seen for 6 min");
  }

  @Test
  void no_word_from_the_detector_ends_it_too() {
    var leak = new Timeline(FindingKind.LEAK).seen(1).until(13);

    assertThat(leak.told()).containsExactly("fires at 1", "over at 13");
    assertThat(leak.lastReason()).isEqualTo("not seen for 12 min");
  }

  @Test
  void a_detector_that_judges_by_the_bucket_may_skip_one() {
    var leak =
        new Timeline(FindingKind.LEAK)
            .on(new AlertEvent.Seen(MINUTE, Severity.TICKET, MINUTE, 240 * MINUTE));

    assertThat(leak.until(480).state()).isEqualTo(FIRING);
    assertThat(leak.until(481).state()).isEqualTo(RESOLVED);
  }

  @Test
  void a_silent_host_does_not_end_its_alerts() {
    var silent = new Circumstances(null, null, true, 0);
    var heardAgain = new Circumstances(null, null, false, 500 * MINUTE);
    var leak = new Timeline(FindingKind.LEAK).seen(1).amid(3, silent);

    assertThat(leak.until(400).passes(400).state()).isEqualTo(FIRING);
    assertThat(leak.amid(500, heardAgain).until(511).state()).isEqualTo(FIRING);
    assertThat(leak.until(512).state()).isEqualTo(RESOLVED);
    assertThat(leak.told()).containsExactly("fires at 1", "over at 512");
  }

  /** Or it would be over, and page anew, whenever its host is away for some minutes. */
  @ParameterizedTest
  @EnumSource(
      value = FindingKind.class,
      names = {"FLEET_LEAK", "ROLLOUT_REGRESSION"},
      mode = EXCLUDE)
  void does_not_end_before_its_host_is_known_to_be_silent(FindingKind kind) {
    Heartbeat host = Heartbeat.first(0, MINUTE);
    for (int minute = 1; minute <= 20; minute++) {
      host = host.heard(minute * MINUTE);
    }
    var alert = new Timeline(kind).seenFrom(1, 21).alert(); // windows end a minute later

    assertThat(AlertLifecycle.endsUnlessSeen(alert, AlertPolicy.of(kind), Circumstances.ORDINARY))
        .isGreaterThan(host.deadlineMillis());
  }

  @Test
  void silence_itself_ends_only_when_the_host_is_heard() {
    var silence = new Timeline(FindingKind.HOST_SILENT).seen(1);

    assertThat(silence.until(100_000).state()).isEqualTo(FIRING);
    assertThat(silence.gone(100_000).state()).isEqualTo(RESOLVED);
  }

  @Test
  void a_reboot_ends_it_at_once() {
    var leak =
        new Timeline(FindingKind.LEAK)
            .seen(1)
            .on(new AlertEvent.Ended(2 * MINUTE, "the host rebooted"));

    assertThat(leak.told()).containsExactly("fires at 1", "over at 2");
    assertThat(leak.lastReason()).isEqualTo("the host rebooted");
  }

  @Test
  void a_hundred_toggles_are_told_twice_at_most() {
    var leak = new Timeline(FindingKind.LEAK);
    for (int i = 0; i < 100; i++) {
      leak.until(2 * i + 1).seen(2 * i + 1).until(2 * i + 2).gone(2 * i + 2);
    }

    assertThat(leak.told()).containsExactly("fires at 1");
    assertThat(leak.alert().flapping()).isTrue();
    assertThat(leak.until(259).state()).isEqualTo(FIRING);
    assertThat(leak.until(260).told()).containsExactly("fires at 1", "over at 260");
  }

  @Test
  void slow_toggles_page_twice_and_then_are_one_flapping_alert() {
    var leak = new Timeline(FindingKind.LEAK);
    for (int i = 0; i < 100; i++) {
      leak.until(40 * i + 1).seen(40 * i + 1).gone(40 * i + 2).until(40 * i + 40);
    }

    assertThat(leak.told()).containsExactly("fires at 1", "over at 7", "fires at 41");
    assertThat(leak.alert().flapping()).isTrue();
    assertThat(leak.alert().episodes()).isEqualTo(2);
  }

  @Test
  void stops_flapping_when_it_is_there_without_a_break() {
    var leak = new Timeline(FindingKind.LEAK);
    for (int i = 0; i < 4; i++) {
      leak.seen(2 * i + 1).gone(2 * i + 2);
    }
    assertThat(leak.seen(9).alert().flapping()).isTrue();

    assertThat(leak.seenFrom(10, 69).alert().flapping()).isTrue();
    assertThat(leak.seen(70).alert().flapping()).isFalse();
  }

  @Test
  void severity_rises_at_once_and_falls_slowly() {
    var leak = new Timeline(FindingKind.LEAK).seen(1).seen(2, Severity.PAGE);
    assertThat(leak.alert().severity()).isEqualTo(Severity.PAGE);

    assertThat(leak.seenFrom(3, 12).alert().severity()).isEqualTo(Severity.PAGE);
    assertThat(leak.seen(13).alert().severity()).isEqualTo(Severity.TICKET);
  }

  @Test
  void info_is_listed_and_tells_nobody_until_it_is_more() {
    var renamed = new Timeline(FindingKind.LEAK).seen(1, Severity.INFO);

    assertThat(renamed.state()).isEqualTo(FIRING);
    assertThat(renamed.told()).isEmpty();
    assertThat(renamed.seen(2, Severity.TICKET).told()).containsExactly("fires at 2");
  }

  @Test
  void muted_tells_nobody_and_its_end_tells_them() {
    var muted = new Circumstances("mute/1", null, false, 0);
    var leak = new Timeline(FindingKind.LEAK).amid(0, muted).seen(1);

    assertThat(leak.state()).isEqualTo(FIRING);
    assertThat(leak.told()).isEmpty();
    assertThat(leak.amid(3, Circumstances.ORDINARY).told()).containsExactly("fires at 3");
  }

  @Test
  void folded_after_it_was_told_is_told_to_be_over() {
    var folded = new Circumstances(null, "fleet", false, 0);
    var leak = new Timeline(FindingKind.LEAK).seen(1).amid(2, folded).seen(3).gone(4).until(9);

    assertThat(leak.told()).containsExactly("fires at 1", "over at 9");
  }

  @Test
  void an_acknowledgement_ends_when_it_gets_worse_or_is_over() {
    var leak = new Timeline(FindingKind.LEAK).seen(1).acknowledged(2, false).seen(3);
    assertThat(leak.state()).isEqualTo(ACKNOWLEDGED);
    assertThat(leak.lastReason()).isEqualTo("fix rolls out");

    assertThat(leak.seen(4, Severity.PAGE).state()).isEqualTo(FIRING);
    assertThat(leak.alert().acknowledger()).isNull();
    assertThat(leak.lastReason()).isEqualTo("became PAGE after it was acknowledged");
  }

  @Test
  void an_acknowledgement_until_resolved_holds_when_it_gets_worse() {
    var leak = new Timeline(FindingKind.LEAK).seen(1).acknowledged(2, true).seen(3, Severity.PAGE);
    assertThat(leak.state()).isEqualTo(ACKNOWLEDGED);

    assertThat(leak.gone(4).until(9).state()).isEqualTo(RESOLVED);
    assertThat(leak.seen(20).state()).isEqualTo(FIRING);
    assertThat(leak.told()).containsExactly("fires at 1", "over at 9", "fires at 20");
  }

  @Test
  void the_last_changes_are_kept() {
    var churn = new Timeline(FindingKind.CHURN);
    for (int i = 0; i < 40; i++) {
      churn.seen(2 * i + 1).gone(2 * i + 2);
    }

    assertThat(churn.alert().changes()).hasSize(AlertMemory.CHANGES_KEPT);
    assertThat(churn.told()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(FindingKind.class)
  void every_kind_fires_and_ends(FindingKind kind) {
    var alert = new Timeline(kind).seenFrom(1, 20);
    assertThat(alert.told()).hasSize(1);

    assertThat(alert.gone(21).until(200).passes(200).state()).isEqualTo(RESOLVED);
    assertThat(alert.told()).hasSize(2);
  }

  @Property(tries = 300)
  void whatever_happens_end_follows_beginning(
      @ForAll @Size(max = 200) List<@IntRange(max = 5) Integer> happenings) {
    var leak = new Timeline(FindingKind.LEAK);
    for (int i = 0; i < happenings.size(); i++) {
      int minute = 3 * i + 1;
      leak.until(minute);
      switch (happenings.get(i)) {
        case 0, 1 -> leak.seen(minute);
        case 2 -> leak.seen(minute, Severity.PAGE);
        case 3 -> leak.gone(minute);
        case 4 -> leak.acknowledged(minute, i % 2 == 0);
        default ->
            leak.amid(minute, new Circumstances(i % 2 == 0 ? "mute/1" : null, null, false, 0));
      }
      AlertMemory alert = leak.alert();
      assertThat(alert.acknowledger() != null).isEqualTo(alert.state() == ACKNOWLEDGED);
      assertThat(alert.resolvedAtMillis() > 0).isEqualTo(alert.state() == RESOLVED);
      if (EnumSet.of(UNKNOWN, PENDING).contains(alert.state())) {
        assertThat(alert.told()).isFalse();
      }
    }
    for (int i = 0; i < leak.told().size(); i++) {
      assertThat(leak.told().get(i)).startsWith(i % 2 == 0 ? "fires" : "over");
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import static io.vmallocfleet.local.backtest.evaluation.Made.alert;
import static io.vmallocfleet.local.backtest.evaluation.Made.harmless;
import static io.vmallocfleet.local.backtest.evaluation.Made.incident;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvaluationTest {
  private static final Label LEAK = incident("leak", "LEAK", "h1", "a", 10, 20);

  @Test
  void first_alert_finds_the_incident_and_further_ones_are_duplicates() {
    Evaluation e =
        evaluate(
            alert("x", "LEAK", "PAGE", "h1", "a", 15, 16.0),
            alert("y", "LEAK", "PAGE", "h1", "a", 17, null));

    assertThat(verdicts(e)).containsExactly(Verdict.TRUE, Verdict.DUPLICATE);
    // Began at 10, visible at 11, alerted at 15.
    assertThat(e.incidents().get(0).delay()).isEqualTo(Duration.ofHours(4));
    assertThat(e.incidents().get(0).delayFromStart()).isEqualTo(Duration.ofHours(5));
    assertThat(e.overall().precision()).isEqualTo(Proportion.of(1, 1));
    assertThat(e.overall().recall()).isEqualTo(Proportion.of(1, 1));
  }

  @Test
  void an_alert_of_another_kind_is_told_apart_and_finds_nothing() {
    Evaluation e = evaluate(alert("x", "JUMP", "PAGE", "h1", "a", 15, null));

    assertThat(verdicts(e)).containsExactly(Verdict.OTHER_KIND);
    assertThat(e.overall().recall()).isEqualTo(Proportion.of(0, 1));
    assertThat(e.overall().recallAnyKind()).isEqualTo(Proportion.of(1, 1));
    assertThat(e.overall().precision().estimate()).isNull();
  }

  @Test
  void alerts_elsewhere_and_on_the_harmless_are_false() {
    Evaluation e =
        Evaluation.of(
            List.of(LEAK, harmless("cache", "h2", "b", 5, 9)),
            List.of(
                alert("benign", "LEAK", "TICKET", "h2", "b", 6, null),
                alert("other-caller", "LEAK", "PAGE", "h1", "z", 15, null),
                alert("other-host", "LEAK", "PAGE", "h3", "a", 15, null)),
            100,
            Made.days(2));

    assertThat(verdicts(e)).containsExactly(Verdict.BENIGN, Verdict.UNLABELLED, Verdict.UNLABELLED);
    assertThat(e.overall().falseAlerts()).isEqualTo(Rate.of(3, 200));
    // The ticket wakes nobody.
    assertThat(e.overall().falsePages()).isEqualTo(Rate.of(2, 200));
    assertThat(e.lookAlikes().get(0).alerts()).hasSize(1);
  }

  @Test
  void an_alert_belongs_to_an_incident_from_its_start_to_six_hours_after_its_end() {
    assertThat(verdicts(evaluate(alert("x", "LEAK", "PAGE", "h1", "a", 9.9, null))))
        .containsExactly(Verdict.UNLABELLED);
    assertThat(verdicts(evaluate(alert("x", "LEAK", "PAGE", "h1", "a", 26, null))))
        .containsExactly(Verdict.TRUE);
    assertThat(verdicts(evaluate(alert("x", "LEAK", "PAGE", "h1", "a", 26.1, null))))
        .containsExactly(Verdict.UNLABELLED);
  }

  @Test
  void a_fleet_alert_matches_by_caller_and_cohort() {
    Label rollout = incident("rollout", "FLEET_LEAK", "", "a", 10, 20);
    AlertSpan fleet = alert("x", "FLEET_LEAK", "PAGE", "", "a", 12, null);
    AlertSpan otherCaller = alert("y", "FLEET_LEAK", "PAGE", "", "b", 13, null);

    Evaluation e = Evaluation.of(List.of(rollout), List.of(fleet, otherCaller), 10, Made.days(1));

    assertThat(verdicts(e)).containsExactly(Verdict.TRUE, Verdict.UNLABELLED);
  }

  @Test
  void delays_are_ranked_over_the_incidents_found() {
    List<Label> labels =
        List.of(
            incident("1", "LEAK", "h1", "a", 0, 40),
            incident("2", "LEAK", "h2", "a", 0, 40),
            incident("3", "LEAK", "h3", "a", 0, 40),
            incident("missed", "LEAK", "h4", "a", 0, 40));

    Tally tally =
        Evaluation.of(
                labels,
                List.of(
                    alert("x", "LEAK", "PAGE", "h1", "a", 2, null),
                    alert("y", "LEAK", "PAGE", "h2", "a", 4, null),
                    alert("z", "LEAK", "PAGE", "h3", "a", 31, null)),
                4,
                Made.days(2))
            .overall();

    // 1, 3 and 30 h after being visible: rank ceil(0.5 · 3) = 2 and ceil(0.9 · 3) = 3.
    assertThat(tally.medianDelay()).isEqualTo(Duration.ofHours(3));
    assertThat(tally.p90Delay()).isEqualTo(Duration.ofHours(30));
    assertThat(tally.recall()).isEqualTo(Proportion.of(3, 4));
  }

  private static Evaluation evaluate(AlertSpan... alerts) {
    return Evaluation.of(List.of(LEAK), List.of(alerts), 10, Made.days(2));
  }

  private static List<Verdict> verdicts(Evaluation e) {
    return e.alerts().stream().map(JudgedAlert::verdict).toList();
  }
}

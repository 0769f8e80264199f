/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.HostWindow;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class FleetStateTest {
  private static final CallerUsage STACKS = Samples.caller("kernel_clone", "", 10, 40);
  private static final CallerUsage MORE_STACKS = Samples.caller("kernel_clone", "", 12, 48);
  private static final CallerUsage MODULES = Samples.caller("load_module", "", 3, 30);

  @Test
  void a_state_is_not_changed_by_what_comes_after_it() {
    FleetState before = FleetState.EMPTY;

    before.change().add(Samples.host("a", 0, STACKS).build()).addUnreadable().done();

    assertThat(before.hosts()).isEmpty();
    assertThat(before.unreadable()).isZero();
  }

  @Test
  void the_change_of_a_host_is_against_its_previous_window() {
    HostHistory host = history(window(0, STACKS), window(1, MORE_STACKS));

    assertThat(host.latest().getWindowEnd()).isEqualTo(Samples.start(2));
    assertThat(host.windows()).isEqualTo(2);
    assertThat(host.bytesChange()).hasValue(8 * 4096);
    assertThat(host.areasChange()).hasValue(2);
    assertThat(host.bytesChange(MORE_STACKS)).hasValue(8 * 4096);
  }

  @Test
  void repeated_and_older_windows_of_a_host_do_not_count() {
    HostHistory host =
        history(window(1, STACKS), window(1, STACKS), window(0, MORE_STACKS), window(2, STACKS));

    assertThat(host.windows()).isEqualTo(2);
    assertThat(host.bytesChange()).hasValue(0);
  }

  @Test
  void the_first_window_of_a_boot_compares_with_nothing() {
    HostHistory host =
        history(window(0, STACKS), Samples.host("a", 1, STACKS).setBootId("boot-2").build());

    assertThat(host.bytesChange()).isEmpty();
    assertThat(host.bytesChange(STACKS)).isEmpty();
  }

  @Test
  void a_blind_window_compares_with_nothing() {
    HostHistory host =
        history(Samples.host("a", 0).setBlind("no permission").build(), window(1, STACKS));

    assertThat(host.bytesChange()).isEmpty();
  }

  @Test
  void a_new_caller_grew_from_nothing_only_where_all_callers_were_listed() {
    HostWindow all = window(0, STACKS);
    HostWindow largestOnly = Samples.host("a", 0, STACKS).setCallers(2).build();
    HostWindow next = window(1, STACKS, MODULES);

    assertThat(history(all, next).bytesChange(MODULES)).isEqualTo(OptionalLong.of(30 * 4096));
    assertThat(history(largestOnly, next).bytesChange(MODULES)).isEmpty();
  }

  @Test
  void a_window_of_callers_is_complete_once_its_sums_are_those_of_the_hosts() {
    FleetState.Change change =
        FleetState.EMPTY
            .change()
            .add(Samples.host("a", 0, STACKS, MODULES).build())
            .add(Samples.host("b", 0, STACKS).build())
            .add(
                Samples.callers(
                    "kernel_clone",
                    0,
                    Samples.COHORT,
                    Samples.use("a", 10, 40),
                    Samples.use("b", 10, 40)));

    FleetState partial = change.done();
    FleetState whole =
        partial
            .change()
            .add(Samples.callers("load_module", 0, Samples.COHORT, Samples.use("a", 3, 30)))
            .done();

    assertThat(partial.fleet()).isEmpty();
    FleetWindow fleet = whole.fleet().orElseThrow();
    assertThat(fleet.hosts()).isEqualTo(2);
    assertThat(fleet.bytes()).isEqualTo(110 * 4096);
    assertThat(fleet.callers())
        .extracting(caller -> caller.name().function())
        .containsExactly("kernel_clone", "load_module");
  }

  @Test
  void a_window_of_callers_is_complete_at_the_latest_when_the_next_begins() {
    FleetState state =
        FleetState.EMPTY
            .change()
            .add(Samples.callers("load_module", 0, Samples.COHORT, Samples.use("a", 3, 30)))
            .add(Samples.callers("load_module", 1, Samples.COHORT, Samples.use("a", 4, 40)))
            .done();

    assertThat(state.fleet().map(FleetWindow::end)).hasValue(Samples.start(1));
  }

  @Test
  void a_late_repetition_does_not_bring_an_old_window_back() {
    FleetState state =
        FleetState.EMPTY
            .change()
            .add(Samples.callers("load_module", 0, Samples.COHORT, Samples.use("a", 3, 30)))
            .add(Samples.callers("load_module", 1, Samples.COHORT, Samples.use("a", 4, 40)))
            .done();

    FleetState repeated =
        state
            .change()
            .add(Samples.callers("load_module", 0, Samples.COHORT, Samples.use("a", 3, 30)))
            .done();

    assertThat(repeated.fleet().map(FleetWindow::areas)).hasValue(3L);
  }

  @Test
  void a_caller_under_several_kernels_is_one_with_merged_quantiles() {
    FleetState state =
        FleetState.EMPTY
            .change()
            .add(
                Samples.callers(
                    "load_module",
                    0,
                    Samples.COHORT,
                    Samples.use("a", 1, 100),
                    Samples.use("b", 1, 200)))
            .add(Samples.callers("load_module", 0, Samples.OTHER_COHORT, Samples.use("c", 2, 900)))
            .add(Samples.callers("load_module", 1, Samples.COHORT, Samples.use("a", 1, 1)))
            .done();

    FleetCaller caller = state.fleet().orElseThrow().callers().get(0);

    assertThat(state.fleet().orElseThrow().callers()).hasSize(1);
    assertThat(caller.hosts()).isEqualTo(3);
    assertThat(caller.areas()).isEqualTo(4);
    assertThat(caller.bytes()).isEqualTo(1200 * 4096);
    assertThat(caller.p50Bytes()).isBetween(0.99 * 200 * 4096, 1.01 * 200 * 4096);
    assertThat(caller.worst().orElseThrow().getHostname()).isEqualTo("c");
  }

  @Test
  void a_finding_counts_the_windows_that_confirm_it_and_not_their_repetitions() {
    FleetState state =
        FleetState.EMPTY
            .change()
            .add(Samples.finding(FindingKind.LEAK, "a", 0, "grows"))
            .add(Samples.finding(FindingKind.LEAK, "a", 1, "grows"))
            .add(Samples.finding(FindingKind.LEAK, "a", 1, "grows"))
            .add(Samples.finding(FindingKind.LEAK, "a", 0, "grows"))
            .done();

    assertThat(state.findings()).hasSize(1);
    assertThat(state.findings().get(0).windows()).isEqualTo(2);
    assertThat(state.findings().get(0).firstSeen()).isEqualTo(Samples.start(0));
    assertThat(state.findings().get(0).lastSeen()).isEqualTo(Samples.start(2));
  }

  @Test
  void findings_stand_with_the_last_confirmed_first_and_the_oldest_are_forgotten() {
    FleetState.Change change = FleetState.EMPTY.change();
    for (int window = 0; window < 250; window++) {
      change.add(Samples.finding(FindingKind.JUMP, "host-" + window, window, "rose"));
    }

    List<FindingHistory> findings = change.done().findings();

    assertThat(findings).hasSize(200);
    assertThat(findings.get(0).latest().getHostname()).isEqualTo("host-249");
    assertThat(findings.get(199).latest().getHostname()).isEqualTo("host-50");
  }

  private static HostWindow window(int window, CallerUsage... callers) {
    return Samples.host("a", window, callers).build();
  }

  private static HostHistory history(HostWindow... windows) {
    FleetState.Change change = FleetState.EMPTY.change();
    List.of(windows).forEach(change::add);
    return change.done().host("a-id").orElseThrow();
  }
}

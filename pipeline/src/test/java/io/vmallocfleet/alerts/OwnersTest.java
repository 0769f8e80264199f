/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OwnersTest {
  private static final Owners OWNERS =
      Owners.parse(
          """
          default: {team: kernel, escalation: kernel-lead}
          owners:
            - {purpose: kernel-stacks, team: runtime}
            - {caller: "bpf_*", team: bpf, escalation: bpf-oncall}
            - {module: "nf_*", team: network}
            - {caller: "bpf_prog_*", kind: FLEET_LEAK, team: bpf-core}
            - {kind: "HOST_*", team: platform}
          """);

  @ParameterizedTest
  @CsvSource({
    "dup_task_struct, '', kernel-stacks, LEAK, runtime",
    "bpf_jit_alloc, '', bpf-jit, LEAK, bpf",
    "bpf_prog_alloc, '', bpf, FLEET_LEAK, bpf-core",
    "bpf_prog_alloc, '', bpf, LEAK, bpf",
    "alloc_hook, nf_tables, '', LEAK, network",
    "'', '', '', HOST_SILENT, platform",
    "htab_map_alloc, '', '', LEAK, kernel"
  })
  void the_last_line_that_matches_wins(
      String caller, String module, String purpose, String kind, String team) {
    assertThat(OWNERS.of(new Subject(caller, module, purpose, kind)).team()).isEqualTo(team);
  }

  @Test
  void escalation_comes_with_the_owner() {
    assertThat(OWNERS.of(new Subject("bpf_x", "", "", "LEAK")))
        .isEqualTo(new Owner("bpf", "bpf-oncall"));
    assertThat(OWNERS.of(new Subject("x", "", "", "LEAK")))
        .isEqualTo(new Owner("kernel", "kernel-lead"));
  }

  @Test
  void every_mistake_is_told_at_once() {
    assertThatThrownBy(
            () ->
                Owners.parse(
                    """
                    default: {escalation: somebody}
                    owners:
                      - {caller: "x*", team: ""}
                      - {team: nobody-for-nothing}
                      - {calller: y, team: t}
                      - {caller: [a, b], team: t}
                    """))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            String.join(
                System.lineSeparator(),
                "default has no team: somebody has to be told",
                "owners[0] has no team: somebody has to be told",
                "owners[1] says not what it owns: expected caller, module, purpose or kind",
                "owners[2] has \"calller\": expected one of [caller, escalation, kind, module, purpose, team]",
                "owners[2] says not what it owns: expected caller, module, purpose or kind",
                "owners[3].caller is not a text"));
  }

  @Test
  void what_is_no_yaml_is_told_with_its_line() {
    assertThatThrownBy(() -> Owners.parse("default: {team: a}\nowners: [\n"))
        .hasMessageStartingWith("the owners file is no YAML, line");
    assertThatThrownBy(() -> Owners.parse("just a text")).hasMessageContaining("is no YAML map");
    assertThatThrownBy(() -> Owners.parse("default: {team: a}\ndefault: {team: b}\n"))
        .hasMessageContaining("Duplicate");
  }

  @Test
  void lines_that_own_nothing_are_reported() {
    Owners owners =
        Owners.parse(
            """
            default: {team: kernel}
            owners:
              - {caller: "bpf_*", team: a}
              - {caller: "gone_*", team: b}
              - {caller: "*", team: c}
            """);

    assertThat(owners.dead(List.of(new Subject("bpf_x", "", "", ""), new Subject("y", "", "", ""))))
        .containsExactly(
            "owners[0] (caller \"bpf_*\") owns nothing: later lines take all 1 it matches",
            "owners[1] (caller \"gone_*\") matches nothing that is known");
  }

  @ParameterizedTest
  @CsvSource({
    "*, '', true",
    "a*c, abbbc, true",
    "a*c, ab, false",
    "?b, ab, true",
    "?b, b, false",
    "a*b*c, aXbYbZc, true",
    "a.c, abc, false",
    "'', '', true",
    "'', a, false"
  })
  void a_star_is_any_text(String glob, String name, boolean matches) {
    assertThat(new Glob(glob).matches(name)).isEqualTo(matches);
  }
}

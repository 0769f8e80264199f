/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DetectionRulesTest {
  private static final String DOCUMENT =
      """
      findings:
        all: {confidence: 0.2}
        leak:
          floor: 128MiB
      overrides:
        - match: {caller: "bpf_*"}
          leak: {floor: 1GiB, severity: ticket}
        - match: {caller: "bpf_prog*", label.role: web}
          leak: {floor: 2GiB}
          jump: {enabled: false}
        - match: {kernel-build: "*SMP*", purpose: kernel-stacks, module: ""}
          all: {severity: info}
      """;

  private final DetectionRules rules = DetectionRules.parse(DOCUMENT);

  @Test
  void nothing_set_is_nothing_asked() {
    assertThat(DetectionRules.parse("")).isEqualTo(DetectionRules.NONE);
    assertThat(DetectionRules.NONE.limits(FindingKind.LEAK, scope("a", Map.of())))
        .isEqualTo(Limits.NONE);
  }

  @Test
  void the_last_that_matches_holds_for_each_threshold_on_its_own() {
    assertThat(rules.limits(FindingKind.LEAK, scope("vmap", Map.of())))
        .isEqualTo(new Limits(true, 128L << 20, 0, 0.2, Severity.PAGE));
    assertThat(rules.limits(FindingKind.LEAK, scope("bpf_map", Map.of())))
        .isEqualTo(new Limits(true, 1L << 30, 0, 0.2, Severity.TICKET));
    assertThat(rules.limits(FindingKind.LEAK, scope("bpf_prog_alloc", Map.of("label.role", "web"))))
        .isEqualTo(new Limits(true, 2L << 30, 0, 0.2, Severity.TICKET));
    assertThat(rules.limits(FindingKind.JUMP, scope("bpf_prog_alloc", Map.of("label.role", "web"))))
        .isEqualTo(new Limits(false, 0, 0, 0.2, Severity.PAGE));
    assertThat(rules.limits(FindingKind.JUMP, scope("bpf_prog_alloc", Map.of("label.role", "db"))))
        .isEqualTo(new Limits(true, 0, 0, 0.2, Severity.PAGE));
    assertThat(
            rules.limits(
                FindingKind.CHURN,
                scope("x", Map.of("kernel-build", "#1 SMP", "purpose", "kernel-stacks"))))
        .isEqualTo(new Limits(true, 0, 0, 0.2, Severity.INFO));
  }

  @Test
  void says_everything_that_is_wrong_and_where() {
    String document =
        """
        findings:
          leek: {floor: 1GiB}
          leak:
            flor: 1GiB
            floor: lots
            minimum-hosts: few
            confidence: 2
            severity: loud
            enabled: perhaps
        overides: []
        overrides:
          - leak: {floor: 1GiB}
          - match: {caler: x}
            leak: 5
          - match: {caller: x}
        """;

    assertThatIllegalArgumentException()
        .isThrownBy(() -> DetectionRules.parse(document))
        .withMessage(
            """
            line 2, findings.leek: not a kind of finding: did you mean leak?
            line 4, findings.leak.flor: not a threshold: did you mean floor?
            line 5, findings.leak.floor: "lots": expected a size such as 512KiB, 64MiB or 1GiB
            line 6, findings.leak.minimum-hosts: "few": expected a whole number from 1
            line 7, findings.leak.confidence: "2": expected a number from 0 to 1
            line 8, findings.leak.severity: "loud": expected info, ticket or page
            line 9, findings.leak.enabled: "perhaps": expected true or false
            line 10, overides: not a section: did you mean overrides?
            line 12, overrides[0]: says not what it is for: expected match: {caller: "bpf_*"}
            line 13, overrides[1].match.caler: not something to match: did you mean caller?
            line 14, overrides[1].leak: expected a map such as {floor: 128MiB}
            line 15, overrides[2]: sets nothing: expected a kind such as leak: {floor: 1GiB}""");
  }

  @Test
  void a_key_that_comes_twice_and_what_is_no_yaml_have_a_line() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DetectionRules.parse("findings: {}\nfindings: {}\n"))
        .withMessage("line 2: not YAML: Duplicate field 'findings'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DetectionRules.parse("findings: {leak\n"))
        .withMessageStartingWith("line ");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DetectionRules.parse("- a\n"))
        .withMessage("line 1: not a map: expected findings: and overrides:");
  }

  @Test
  void refuses_for_a_reason_and_caps_what_is_too_loud() {
    Limits limits = new Limits(true, 1000, 5, 0.5, Severity.TICKET);

    assertThat(limits.refusal(fleetLeak(1000, 5, 0.5))).isEmpty();
    assertThat(limits.refusal(fleetLeak(999, 5, 0.5)))
        .isEqualTo("a rule asks for at least 1000 bytes");
    assertThat(limits.refusal(fleetLeak(1000, 4, 0.5)))
        .isEqualTo("a rule asks for at least 5 hosts");
    assertThat(limits.refusal(fleetLeak(1000, 5, 0.4)))
        .isEqualTo("a rule asks for a confidence of 0.5");
    assertThat(Limits.NONE.withEnabled(false).refusal(fleetLeak(1000, 5, 1)))
        .isEqualTo("a rule switches these findings off");
    assertThat(limits.capped(Severity.PAGE)).isEqualTo(Severity.TICKET);
    assertThat(limits.capped(Severity.INFO)).isEqualTo(Severity.INFO);
  }

  @Test
  void the_schema_for_editors_knows_every_kind_and_threshold() throws Exception {
    JsonNode schema =
        new ObjectMapper().readTree(Files.readString(Path.of("../docs/rules.schema.json")));

    JsonNode kinds = schema.at("/definitions/kinds/properties");
    assertThat(List.copyOf(names(kinds))).containsExactlyElementsOf(DetectionRules.kinds());
    JsonNode limits = schema.at("/definitions/limits/properties");
    assertThat(List.copyOf(names(limits))).containsExactlyElementsOf(Threshold.keys());
  }

  @Test
  void the_example_in_the_manual_can_be_taken() throws Exception {
    String manual = Files.readString(Path.of("../docs/rules.md"));
    int start = manual.indexOf("```yaml\n") + 8;

    DetectionRules example =
        DetectionRules.parse(manual.substring(start, manual.indexOf("```", start)));

    assertThat(example.lines()).isNotEmpty();
  }

  @Test
  void a_finding_about_one_host_is_not_asked_for_more() {
    Finding onOneHost =
        Finding.newBuilder(fleetLeak(1000, 1, 0.5))
            .setKind(FindingKind.LEAK)
            .setHostId("a")
            .build();

    assertThat(new Limits(true, 0, 5, 0, Severity.PAGE).refusal(onOneHost)).isEmpty();
  }

  @Test
  void a_purpose_that_no_caller_has_is_refused_and_a_family_of_names_is_one_override() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DetectionRules.parse(forPurpose("kernel-stack")))
        .withMessage(
            "line 2, overrides[0].match.purpose: not a purpose: did you mean kernel-stacks?");

    DetectionRules stacks = DetectionRules.parse(forPurpose("kernel-st*"));
    for (String name : List.of("kernel_clone", "copy_process", "dup_task_struct")) {
      var scope = scope(name, Map.of("purpose", "kernel-stacks"));
      assertThat(stacks.limits(FindingKind.LEAK, scope).floorBytes()).isEqualTo(1L << 30);
    }
    assertThat(DetectionRules.parse(forPurpose("")).lines()).hasSize(1);
  }

  private static String forPurpose(String purpose) {
    return """
        overrides:
          - match: {purpose: "%s"}
            leak: {floor: 1GiB}
        """
        .formatted(purpose);
  }

  private static Finding fleetLeak(long bytes, long hosts, double confidence) {
    SingleObject.trustOwnClasses();
    return Finding.newBuilder()
        .setFingerprint("f")
        .setKind(FindingKind.FLEET_LEAK)
        .setFunction("vmap")
        .setModule("")
        .setCohort(new Cohort("6.18", "#1", "x86_64"))
        .setWindowStart(Instant.EPOCH)
        .setWindowEnd(Instant.EPOCH)
        .setSince(Instant.EPOCH)
        .setSentence("grows")
        .setConfidence(confidence)
        .setHosts(hosts)
        .setEvidence(new Evidence(bytes, 0L, null, 5.0, List.of(), 1L))
        .build();
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static RuleScope scope(String caller, Map<String, String> more) {
    var values = new HashMap<>(more);
    values.put("caller", caller);
    return new RuleScope(values);
  }
}

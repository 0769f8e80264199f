/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.alerts.Incoming;
import io.vmallocfleet.rules.DetectionRules;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Verdict;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApplyRulesTest {
  private static final long MIB = 1 << 20;

  private KeyedTwoInputStreamOperatorTestHarness<String, Finding, Incoming, Finding> harness;

  @BeforeEach
  void open() throws Exception {
    SingleObject.trustOwnClasses();
    harness = harness();
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void without_a_rule_every_finding_is_told_as_it_is() throws Exception {
    Finding finding = leak("vmap", 70);

    find(finding);

    assertThat(told()).containsExactly(finding);
  }

  @Test
  void a_rule_holds_from_the_next_finding_on_and_ends_what_it_excludes() throws Exception {
    find(leak("vmap", 70));
    say("findings:\n  leak: {floor: 100MiB, severity: ticket}\n");
    find(leak("vmap", 80));
    find(leak("vmap", 90));
    find(leak("vmap", 110));

    assertThat(told())
        .extracting(Finding::getVerdict)
        .containsExactly(Verdict.SEEN, Verdict.GONE, Verdict.SEEN);
    assertThat(told().get(1).getGoneBecause())
        .isEqualTo("a rule asks for at least 104857600 bytes");
    assertThat(told())
        .extracting(Finding::getSeverity)
        .containsExactly(Severity.PAGE, Severity.PAGE, Severity.TICKET);
  }

  @Test
  void an_override_is_for_those_it_names() throws Exception {
    say("overrides:\n  - match: {caller: 'bpf_*'}\n    leak: {enabled: false}\n");

    find(leak("bpf_map", 500));
    find(leak("vmap", 500));

    assertThat(told()).extracting(Finding::getFunction).containsExactly("vmap");
  }

  @Test
  void a_rule_that_cannot_be_taken_is_kept_with_its_text_and_the_old_one_stays() throws Exception {
    say("findings:\n  leak: {floor: 100MiB}\n");
    say("findings:\n  leek: {floor: 1KiB}\n");
    find(leak("vmap", 70));

    assertThat(told()).isEmpty();
    assertThat(letters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getReason()).isEqualTo(DeadLetterReason.INVALID_RULE);
              assertThat(letter.getDetail())
                  .isEqualTo(
                      "rule detection of 1970-01-01T00:00:00Z by anna: line 2, findings.leek: not a"
                          + " kind of finding: did you mean leak?");
              Rule kept = new SingleObject<>(Rule.class).decode(letter.getPayload().array());
              assertThat(kept.getDocument()).contains("leek");
            });
  }

  @Test
  void a_withdrawn_rule_holds_no_longer() throws Exception {
    say("findings:\n  leak: {enabled: false}\n");
    find(leak("vmap", 70));
    hear(rule(null, false, RuleKind.DETECTION));
    find(leak("vmap", 70));

    assertThat(told()).hasSize(1);
  }

  @Test
  void rules_of_other_kinds_and_the_end_of_a_finding_pass_by() throws Exception {
    hear(rule("default: {team: x}", true, RuleKind.OWNERS));
    say("findings:\n  leak: {enabled: false}\n");
    Finding over = Finding.newBuilder(leak("vmap", 1)).setVerdict(Verdict.GONE).build();

    find(over);

    assertThat(told()).containsExactly(over);
    assertThat(letters()).isEmpty();
  }

  @Test
  void a_restart_loses_neither_the_rule_nor_what_was_told() throws Exception {
    find(leak("vmap", 70));
    say("findings:\n  leak: {floor: 100MiB}\n");
    OperatorSubtaskState state = harness.snapshot(1, 1);
    harness.close();
    harness = harness();
    harness.initializeState(state);
    harness.open();

    find(leak("vmap", 80));
    find(leak("vmap", 80));

    assertThat(told()).extracting(Finding::getVerdict).containsExactly(Verdict.GONE);
  }

  private void find(Finding finding) throws Exception {
    harness.processElement1(new StreamRecord<>(finding));
  }

  private void say(String document) throws Exception {
    hear(rule(document, true, RuleKind.DETECTION));
  }

  private void hear(Rule rule) throws Exception {
    harness.processElement2(new StreamRecord<>(Incoming.of(rule)));
  }

  private List<Finding> told() {
    return harness.extractOutputValues();
  }

  private List<DeadLetter> letters() {
    var letters = harness.getSideOutput(ApplyRules.REFUSED);
    return letters == null ? List.of() : letters.stream().map(StreamRecord::getValue).toList();
  }

  private static Rule rule(String document, boolean active, RuleKind kind) {
    return Rule.newBuilder()
        .setRuleId(DetectionRules.RULE_ID)
        .setKind(kind)
        .setActive(active)
        .setAt(Instant.EPOCH)
        .setBy("anna")
        .setWhy("test")
        .setDocument(document)
        .build();
  }

  private static Finding leak(String caller, long grownMib) {
    return Finding.newBuilder()
        .setFingerprint("f-" + caller)
        .setKind(FindingKind.LEAK)
        .setSeverity(Severity.PAGE)
        .setConfidence(0.7)
        .setFunction(caller)
        .setModule("")
        .setCohort(new Cohort("6.18", "#1 SMP", "x86_64"))
        .setWindowStart(Instant.EPOCH)
        .setWindowEnd(Instant.ofEpochSecond(60))
        .setSince(Instant.EPOCH)
        .setSentence("It grows.")
        .setEvidence(new Evidence((100 + grownMib) * MIB, 100 * MIB, null, 9.0, List.of(), 60_000L))
        .build();
  }

  private static KeyedTwoInputStreamOperatorTestHarness<String, Finding, Incoming, Finding>
      harness() throws Exception {
    return new KeyedTwoInputStreamOperatorTestHarness<>(
        new CoBroadcastWithKeyedOperator<>(new ApplyRules(), List.of(ApplyRules.RULES)),
        Finding::getFingerprint,
        null,
        Types.STRING);
  }
}

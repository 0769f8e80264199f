/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlRuleTest {
  private static final String SETTINGS =
      """
      SET 'execution.runtime-mode' = 'streaming';
      SET 'execution.checkpointing.interval' = '10 s';
      SET 'pipeline.name' = 'rule it';
      """;

  @Test
  void everything_that_is_missing_is_said_at_once() {
    assertThat(
            SqlRule.problems(
                "INSERT INTO vmalloc_findings (host_id) SELECT host_id FROM vmalloc_host_windows"))
        .containsExactly(
            "it would end with the present end of the topics: put SET 'execution.runtime-mode' = 'streaming'; before it",
            "after a failure it would begin anew: put SET 'execution.checkpointing.interval' = '10 s'; before it",
            "it would have no name in SHOW JOBS: put SET 'pipeline.name' = 'rule its-name'; before it",
            "column sentence is missing: a finding cannot do without",
            "column window_end is missing: a finding cannot do without",
            "column labels is missing: it names the rule, labels MAP['rule', 'its-name']");
  }

  @Test
  void a_rule_over_rows_that_are_taken_back() {
    assertThat(
            SqlRule.problems(
                SETTINGS
                    + "INSERT INTO vmalloc_findings (labels, sentence, window_end)\n"
                    + "SELECT MAP['rule', 'it'], sentence, window_end FROM vmalloc_alerts"))
        .singleElement()
        .asString()
        .contains("doesn't support consuming update");
  }

  @Test
  void a_file_without_a_rule() {
    assertThat(SqlRule.problems(SETTINGS + "SELECT 1 FROM hosts WHERE FALSE;"))
        .contains("there is no INSERT INTO vmalloc_findings: that is what a rule ends with");
    assertThat(
            SqlRule.problems(
                SETTINGS + "INSERT INTO vmalloc_rule_history (rule_id) SELECT host_id FROM hosts"))
        .contains("it inserts into something else than vmalloc_findings");
  }

  @Test
  void a_mistake_in_the_question_says_where() {
    assertThat(
            SqlRule.problems(
                SETTINGS
                    + "INSERT INTO vmalloc_findings (labels, sentence, window_end)\n"
                    + "SELECT MAP['rule', 'it'], nonsense, window_end FROM vmalloc_host_windows"))
        .singleElement()
        .asString()
        .contains("line 2, column 27", "nonsense");
  }

  @Test
  void the_smallest_rule() {
    assertThat(
            SqlRule.problems(
                SETTINGS
                    + "INSERT INTO vmalloc_findings (labels, sentence, window_end)\n"
                    + "SELECT MAP['rule', 'it'], hostname || ' is full.', window_end\n"
                    + "FROM vmalloc_host_windows WHERE held_bytes > 1000000000"))
        .isEmpty();
  }
}

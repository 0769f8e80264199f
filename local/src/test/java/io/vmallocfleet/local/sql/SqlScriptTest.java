/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlScriptTest {
  @Test
  void semicolons_divide_but_not_in_strings_names_and_comments() {
    assertThat(
            SqlScript.statements(
                """
                -- first; of all
                SET 'a' = 'b;c';
                SELECT `x;y`, 'it''s; so' /* not; here */ FROM t /*+ OPTIONS('k' = ';') */;;
                """))
        .containsExactly(
            "-- first; of all\nSET 'a' = 'b;c'",
            "SELECT `x;y`, 'it''s; so' /* not; here */ FROM t /*+ OPTIONS('k' = ';') */");
  }

  @Test
  void a_statement_set_stays_together() {
    assertThat(
            SqlScript.statements(
                "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END; SELECT 3"))
        .containsExactly(
            "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2; END",
            "SELECT 3");
  }

  @Test
  void only_comments_are_no_statement() {
    assertThat(SqlScript.statements("-- nothing\n/* at all */ ;")).isEmpty();
  }

  @Test
  void comments_can_be_taken_out_and_hints_stay() {
    assertThat(SqlScript.withoutComments("SELECT /* a */ 1 -- b\nFROM t /*+ OPTIONS('c'='--') */"))
        .isEqualTo("SELECT   1  \nFROM t /*+ OPTIONS('c'='--') */");
  }
}

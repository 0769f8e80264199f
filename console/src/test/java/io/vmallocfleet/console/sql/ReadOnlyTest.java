/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.sql;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadOnlyTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 1",
        "  select * from hosts;",
        "-- what holds most\nSELECT caller FROM top_callers",
        "/* a */ WITH a AS (SELECT 1) SELECT * FROM a",
        "(SELECT 1) UNION (SELECT 2)",
        "SHOW TABLES",
        "DESCRIBE hosts",
        "SELECT '; INSERT INTO x' FROM hosts",
        "SELECT '/*+ no hint */', \"--\", `a;b` FROM hosts",
        "SELECT 'it''s; fine'"
      })
  void what_reads_passes(String statement) {
    assertThatCode(() -> ReadOnly.check(statement)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "INSERT INTO vmalloc_findings SELECT 1",
        "/* SELECT */ DROP TABLE hosts",
        "-- SELECT\nCREATE TABLE x (a INT)",
        "SET 'a' = 'b'",
        "ADD JAR 'x.jar'",
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; END",
        "SELECT 1; DROP TABLE hosts",
        "SELECT * FROM hosts /*+ OPTIONS('properties.bootstrap.servers'='evil:9092') */",
        "STOP JOB 'x'",
        "CALL sys.x()",
        "",
        "/* open",
        "SELECTX"
      })
  void what_changes_or_is_nothing_does_not(String statement) {
    assertThatThrownBy(() -> ReadOnly.check(statement))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

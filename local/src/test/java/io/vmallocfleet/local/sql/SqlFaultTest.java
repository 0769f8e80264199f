/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlFaultTest {
  @Test
  void the_innermost_cause_without_its_class() {
    assertThat(
            SqlFault.explain(
                List.of(
                    "Internal server error.",
                    """
                    <Exception on server side:
                    org.apache.flink.table.gateway.api.utils.SqlGatewayException: org.apache.flink.util.FlinkException: failed
                    \tat org.apache.flink.Some.method(Some.java:1)
                    Caused by: org.apache.flink.util.FlinkException: Failed to fetch.
                    \tat org.apache.flink.Some.method(Some.java:2)
                    Caused by: java.lang.ArithmeticException: / by zero
                    \tat org.apache.flink.Some.method(Some.java:3)
                    End of exception on server side>""")))
        .isEqualTo("/ by zero");
  }

  @Test
  void a_place_in_the_statement_is_worth_more_than_a_deeper_cause() {
    assertThat(
            SqlFault.explain(
                List.of(
                    """
                    org.apache.flink.table.api.ValidationException: SQL validation failed. From line 1, column 8 to line 1, column 15: Column 'nonsense' not found in any table
                    \tat a.B.c(B.java:1)
                    Caused by: org.apache.calcite.sql.validate.SqlValidatorException: Column 'nonsense' not found in any table
                    \tat a.B.c(B.java:2)""")))
        .isEqualTo(
            "SQL validation failed. From line 1, column 8 to line 1, column 15: Column 'nonsense' not found in any table");
  }

  @Test
  void what_is_no_stack_trace_is_said_as_it_is() {
    assertThat(SqlFault.explain(List.of("Not found.", "No such session.")))
        .isEqualTo("Not found. No such session.");
  }
}

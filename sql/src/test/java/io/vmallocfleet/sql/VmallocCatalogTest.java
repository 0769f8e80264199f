/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vmallocfleet.sql.table.FleetTable;
import io.vmallocfleet.sql.table.KafkaConnection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.ExplainDetail;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.catalog.CatalogDescriptor;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class VmallocCatalogTest {
  private static final KafkaConnection KAFKA =
      new KafkaConnection("127.0.0.1:1", Map.of("sasl.jaas.config", "secret-of-the-broker"));

  private static final TableEnvironment BATCH = environment(EnvironmentSettings.inBatchMode());
  private static final TableEnvironment STREAMING =
      environment(EnvironmentSettings.inStreamingMode());

  static Stream<String> names() {
    return Stream.concat(
        Arrays.stream(FleetTable.values()).map(FleetTable::tableName),
        Arrays.stream(FleetView.values()).map(FleetView::viewName));
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_column_can_be_asked_for_without_quotes_in_both_modes(String name) throws Exception {
    String columns = String.join(", ", columns(name));
    String question = "SELECT " + columns + " FROM " + name;

    assertThat(BATCH.explainSql(question)).contains("Physical Plan");
    assertThat(STREAMING.explainSql(question)).contains("Physical Plan");
  }

  @ParameterizedTest
  @MethodSource("names")
  void every_column_says_what_it_is(String name) throws Exception {
    for (Row column : rows("DESCRIBE " + name)) {
      assertThat(column.<String>getFieldAs(column.getArity() - 1)).isNotBlank();
    }
  }

  /** Flink shows no text of a function, but the names of what it takes. */
  @Test
  void functions_say_what_they_take() throws Exception {
    assertThat(signature("human_bytes"))
        .contains("human_bytes(bytes BIGINT)", "human_bytes(bytes DOUBLE)");
    assertThat(signature("log2_bucket")).contains("log2_bucket(value => BIGINT)");
    assertThat(signature("caller_purpose"))
        .contains("caller_purpose(function => STRING, module => STRING)");
    assertThat(signature("explain_caller"))
        .contains("explain_caller(function STRING)")
        .contains("explain_caller(function STRING, module STRING)");
  }

  private static String signature(String function) throws Exception {
    return rows("DESCRIBE FUNCTION EXTENDED " + function).stream()
        .filter(row -> "signature".equals(row.getField(0)))
        .map(row -> row.<String>getFieldAs(1))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void only_the_columns_of_a_question_are_decoded() {
    assertThat(
            BATCH.explainSql("SELECT caller, SUM(held_bytes) FROM vmalloc_areas GROUP BY caller"))
        .contains("project=[caller, held_bytes]");
  }

  @Test
  void a_question_ends_in_batch_mode_and_goes_on_in_streaming_mode() {
    assertThatExceptionOfType(ValidationException.class)
        .isThrownBy(
            () ->
                BATCH.explainSql(
                    "SELECT * FROM vmalloc_findings /*+ OPTIONS('scan.bounded.mode'='unbounded') */"))
        .withStackTraceContaining("unbounded table");
    assertThat(STREAMING.explainSql("SELECT COUNT(*) FROM vmalloc_findings"))
        .contains("vmalloc_findings");
  }

  @ParameterizedTest
  @EnumSource
  void what_holds_now_is_taken_back_when_it_no_longer_does(FleetView view) {
    assertThat(
            STREAMING.explainSql("SELECT * FROM " + view.viewName(), ExplainDetail.CHANGELOG_MODE))
        .contains("changelogMode=[I,UA,D]");
  }

  @Test
  void a_wrong_option_is_named() {
    assertThatExceptionOfType(ValidationException.class)
        .isThrownBy(
            () ->
                BATCH.explainSql(
                    "SELECT * FROM vmalloc_findings /*+ OPTIONS('scan.bounded.mod'='unbounded') */"))
        .withStackTraceContaining("scan.bounded.mod");
  }

  @Test
  void credentials_are_in_no_table() throws Exception {
    for (FleetTable table : FleetTable.values()) {
      assertThat(rows("SHOW CREATE TABLE " + table.tableName()).toString())
          .contains("'connector' = 'vmalloc'")
          .doesNotContain("secret");
    }
  }

  @Test
  void functions() throws Exception {
    assertThat(
            rows(
                """
                SELECT human_bytes(14785195), human_bytes(CAST(NULL AS BIGINT)),
                  log2_bucket(0), log2_bucket(1), log2_bucket(4095), log2_bucket(4096),
                  caller_purpose('dup_task_struct', ''), caller_purpose('no_such', 'mod')"""))
        .containsExactly(Row.of("14.1 MiB", null, -1, 0, 11, 12, "Kernel stacks", "Unknown"));
    assertThat(rows("SELECT explain_caller('dup_task_struct')").get(0).getField(0).toString())
        .startsWith("Kernel stack of one thread")
        .contains("Growth usually means: ");
  }

  @Test
  void people_make_tables_of_their_own_beside_them() throws Exception {
    BATCH.executeSql(
        "CREATE TABLE mine (a INT) WITH ('connector' = 'datagen', 'number-of-rows' = '1')");

    assertThat(BATCH.explainSql("SELECT a FROM mine")).contains("mine");
    BATCH.executeSql("DROP TABLE mine");
  }

  private static List<String> columns(String name) throws Exception {
    return rows("DESCRIBE " + name).stream()
        .map(row -> row.<String>getFieldAs(0))
        .collect(Collectors.toList());
  }

  private static List<Row> rows(String statement) throws Exception {
    CloseableIterator<Row> rows = BATCH.executeSql(statement).collect();
    List<Row> all = new ArrayList<>();
    rows.forEachRemaining(all::add);
    rows.close();
    return all;
  }

  private static TableEnvironment environment(EnvironmentSettings settings) {
    TableEnvironment environment = TableEnvironment.create(settings);
    environment.createCatalog(
        "vmalloc",
        CatalogDescriptor.of(
            "vmalloc", Configuration.fromMap(VmallocCatalogFactory.options(KAFKA))));
    environment.useCatalog("vmalloc");
    return environment;
  }
}

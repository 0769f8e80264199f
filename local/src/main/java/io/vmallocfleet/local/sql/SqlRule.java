/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import io.vmallocfleet.sql.VmallocCatalog;
import io.vmallocfleet.sql.VmallocCatalogFactory;
import io.vmallocfleet.sql.table.FleetTable;
import io.vmallocfleet.sql.table.KafkaConnection;
import io.vmallocfleet.sql.table.RuleFinding;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.catalog.CatalogDescriptor;

/** What a rule in SQL needs, checked against a file of statements. */
final class SqlRule {
  private static final String FINDINGS = FleetTable.FINDINGS.tableName();
  private static final Pattern SET = Pattern.compile("(?is)SET\\s+'([^']+)'\\s*=\\s*'([^']*)'");
  private static final Pattern INSERT =
      Pattern.compile("(?is)INSERT\\s+INTO\\s+(?:[\\w`.]+\\.)?`?(\\w+)`?\\s*(\\([^)]*\\))?.*");

  private static final String PIPELINE_NAME = "pipeline.name";

  private SqlRule() {}

  /** What a rule that has no problems calls itself. */
  static String name(String text) {
    return SqlScript.statements(text).stream()
        .map(statement -> SET.matcher(SqlScript.withoutComments(statement)))
        .filter(set -> set.matches() && set.group(1).equals(PIPELINE_NAME))
        .map(set -> set.group(2).substring(RunningRule.JOB_PREFIX.length()))
        .reduce((first, last) -> last)
        .orElseThrow();
  }

  /** Everything that is wrong, one line each; empty for a rule that can run. */
  static List<String> problems(String text) {
    List<String> problems = new ArrayList<>();
    List<String> inserts = new ArrayList<>();
    TableEnvironment environment = environment();
    Map<String, String> settings = new HashMap<>();
    for (String statement : SqlScript.statements(text)) {
      String bare = SqlScript.withoutComments(statement);
      Matcher set = SET.matcher(bare);
      if (set.matches()) {
        environment.getConfig().set(set.group(1), set.group(2));
        settings.put(set.group(1), set.group(2));
      } else if (bare.toUpperCase(Locale.ROOT).startsWith("INSERT")) {
        inserts.add(bare);
      } else {
        execute(environment, statement, problems);
      }
    }
    if (inserts.isEmpty()) {
      problems.add("there is no INSERT INTO " + FINDINGS + ": that is what a rule ends with");
    }
    checkSettings(settings, problems);
    for (String insert : inserts) {
      checkColumns(insert, problems);
      explain(environment, insert, problems);
    }
    return problems;
  }

  private static void checkSettings(Map<String, String> settings, List<String> problems) {
    if (!"streaming".equalsIgnoreCase(settings.get("execution.runtime-mode"))) {
      problems.add(
          "it would end with the present end of the topics: put SET 'execution.runtime-mode' = 'streaming'; before it");
    }
    if (!settings.containsKey("execution.checkpointing.interval")) {
      problems.add(
          "after a failure it would begin anew: put SET 'execution.checkpointing.interval' = '10 s'; before it");
    }
    if (!settings.containsKey(PIPELINE_NAME)) {
      problems.add(
          "it would have no name in SHOW JOBS: put SET 'pipeline.name' = 'rule its-name'; before it");
    } else if (!settings.get(PIPELINE_NAME).startsWith(RunningRule.JOB_PREFIX)) {
      problems.add(
          "sql-rule list would not show it: 'pipeline.name' is '%s', expected 'rule its-name'"
              .formatted(settings.get(PIPELINE_NAME)));
    }
  }

  private static void checkColumns(String insert, List<String> problems) {
    Matcher parts = INSERT.matcher(insert);
    if (!parts.matches() || !parts.group(1).equalsIgnoreCase(FINDINGS)) {
      problems.add("it inserts into something else than " + FINDINGS);
      return;
    }
    if (parts.group(2) == null) {
      problems.add(
          "INSERT INTO %s names no columns: name those you give, the others have defaults"
              .formatted(FINDINGS));
      return;
    }
    String list = parts.group(2);
    List<String> columns =
        Arrays.stream(list.substring(1, list.length() - 1).split(","))
            .map(c -> c.strip().replace("`", "").toLowerCase(Locale.ROOT))
            .toList();
    for (String required : RuleFinding.REQUIRED) {
      if (!columns.contains(required)) {
        problems.add("column " + required + " is missing: a finding cannot do without");
      }
    }
    if (!columns.contains("labels") && !columns.contains("kind")) {
      problems.add("column labels is missing: it names the rule, labels MAP['rule', 'its-name']");
    }
  }

  private static void explain(TableEnvironment environment, String insert, List<String> problems) {
    try {
      environment.explainSql(insert);
    } catch (RuntimeException e) {
      problems.add(SqlFault.explain(List.of(stackTrace(e))));
    }
  }

  private static void execute(
      TableEnvironment environment, String statement, List<String> problems) {
    try {
      environment.executeSql(statement);
    } catch (RuntimeException e) {
      problems.add(SqlFault.explain(List.of(stackTrace(e))));
    }
  }

  private static String stackTrace(Throwable thrown) {
    var text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  /** Plans, but never connects. */
  private static TableEnvironment environment() {
    TableEnvironment environment = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    Map<String, String> options =
        VmallocCatalogFactory.options(new KafkaConnection("127.0.0.1:9092", Map.of()));
    environment.createCatalog(
        "vmalloc", CatalogDescriptor.of("vmalloc", Configuration.fromMap(options)));
    environment.useCatalog("vmalloc");
    environment.useDatabase(VmallocCatalog.DATABASE);
    return environment;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import com.fasterxml.jackson.databind.JsonNode;
import io.vmallocfleet.local.stack.StackException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A rule in SQL as the cluster runs it: a job whose name begins with {@value JOB_PREFIX}.
 *
 * @param state as Flink says it: RUNNING, RESTARTING
 * @param since when it was started, as the gateway prints it
 */
record RunningRule(String name, String job, String state, String since) {
  /** What {@code pipeline.name} of a rule begins with, before its own name. */
  static final String JOB_PREFIX = "rule ";

  /** States in which a job will not come back. */
  private static final List<String> OVER = List.of("FINISHED", "CANCELED", "FAILED");

  static List<RunningRule> all(GatewaySession session) {
    return rows(session, "SHOW JOBS").stream()
        .filter(row -> row.get(1).startsWith(JOB_PREFIX) && !OVER.contains(row.get(2)))
        .map(
            row ->
                new RunningRule(
                    row.get(1).substring(JOB_PREFIX.length()), row.get(0), row.get(2), row.get(3)))
        .toList();
  }

  /**
   * @throws StackException naming those that run, if that one does not
   */
  static RunningRule named(GatewaySession session, String nameOrJob) {
    List<RunningRule> all = all(session);
    return all.stream()
        .filter(rule -> rule.name.equals(nameOrJob) || rule.job.equals(nameOrJob))
        .findFirst()
        .orElseThrow(
            () ->
                new StackException(
                    "no rule %s runs: %s"
                        .formatted(
                            nameOrJob,
                            all.isEmpty()
                                ? "none does"
                                : all.stream()
                                    .map(RunningRule::name)
                                    .collect(Collectors.joining(", ")))));
  }

  /**
   * The job that runs it from now on.
   *
   * @param text statements of a rule that {@link SqlRule#problems} finds nothing in
   * @throws StackException when one of that name runs: its findings would come twice
   */
  static String start(GatewaySession session, String name, String text) {
    for (RunningRule other : all(session)) {
      if (other.name.equals(name)) {
        throw new StackException(
            "rule %s runs already, as job %s: sql-rule stop %s".formatted(name, other.job, name));
      }
    }
    List<List<String>> last = List.of();
    for (String statement : SqlScript.statements(text)) {
      last = rows(session, statement);
    }
    return last.get(0).get(0);
  }

  void stop(GatewaySession session) {
    rows(session, "STOP JOB '" + job + "'");
  }

  private static List<List<String>> rows(GatewaySession session, String statement) {
    var rows = new Rows(new ArrayList<>());
    session.run(statement, rows);
    return rows.all;
  }

  private record Rows(List<List<String>> all) implements ResultReceiver {
    @Override
    public String rowFormat() {
      return "PLAIN_TEXT";
    }

    @Override
    public void begin(List<Column> columns, boolean query) {
      // The statements are ours: so are the columns.
    }

    @Override
    public void row(String kind, List<JsonNode> fields) {
      all.add(fields.stream().map(JsonNode::asText).toList());
    }

    @Override
    public void end() {
      // All rows are there.
    }
  }
}

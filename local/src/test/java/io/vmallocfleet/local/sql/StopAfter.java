/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.function.Consumer;

/** Hands on the first column of so many rows of a query that would not end, then ends it. */
final class StopAfter implements ResultReceiver {
  private final int rows;
  private final Consumer<String> consumer;
  private int seen;

  StopAfter(int rows, Consumer<String> consumer) {
    this.rows = rows;
    this.consumer = consumer;
  }

  /** There were as many rows as wanted. */
  static final class Enough extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Override
  public String rowFormat() {
    return "PLAIN_TEXT";
  }

  @Override
  public void begin(List<Column> columns, boolean query) {
    // The rows are all that matters.
  }

  @Override
  public void row(String kind, List<JsonNode> fields) {
    consumer.accept(fields.get(0).asText());
    if (++seen == rows) {
      throw new Enough();
    }
  }

  @Override
  public void end() {
    throw new AssertionError("the query ended after " + seen + " rows");
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Takes the result of one statement: begin, rows, end. */
interface ResultReceiver {
  /**
   * @param type SQL type, such as {@code BIGINT}, {@code ARRAY}
   */
  record Column(String name, String type) {}

  /** How the gateway should send values: {@code PLAIN_TEXT} as text, {@code JSON} as JSON. */
  String rowFormat();

  /**
   * @param query whether these are rows of a query, not the answer to a command
   */
  void begin(List<Column> columns, boolean query);

  /**
   * @param kind {@code INSERT}, {@code UPDATE_BEFORE}, {@code UPDATE_AFTER} or {@code DELETE}
   */
  void row(String kind, List<JsonNode> fields);

  void end();
}

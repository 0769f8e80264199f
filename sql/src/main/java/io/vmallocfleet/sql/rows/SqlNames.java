/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import java.util.Map;

/** Names of columns and nested fields: those of the records, unless SQL reserves the word. */
final class SqlNames {
  /** No column of ours has to be quoted: a test puts every one of them in a query. */
  private static final Map<String, String> OTHERWISE =
      Map.ofEntries(
          Map.entry("function", "caller_function"),
          Map.entry("module", "caller_module"),
          Map.entry("bytes", "held_bytes"),
          Map.entry("at", "happened_at"),
          Map.entry("by", "by_whom"),
          Map.entry("from", "from_state"),
          Map.entry("to", "to_state"),
          Map.entry("partition", "from_partition"),
          Map.entry("offset", "from_offset"),
          Map.entry("index", "unusable_index"));

  private SqlNames() {}

  static String of(String field) {
    return OTHERWISE.getOrDefault(field, field);
  }
}

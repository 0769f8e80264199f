/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;

/** Rows as text a test can compare. */
final class Printed {
  private Printed() {}

  static String row(RowData row) {
    return IntStream.range(0, row.getArity())
        .mapToObj(i -> value(((GenericRowData) row).getField(i)))
        .collect(Collectors.joining(",", row.getRowKind().shortString() + "(", ")"));
  }

  private static String value(Object value) {
    if (value instanceof GenericMapData map) {
      Map<String, String> sorted = new TreeMap<>();
      Object[] keys = ((GenericArrayData) map.keyArray()).toObjectArray();
      for (Object key : keys) {
        sorted.put(value(key), value(map.get(key)));
      }
      return sorted.toString();
    }
    if (value instanceof GenericArrayData array) {
      return Arrays.stream(array.toObjectArray()).map(Printed::value).toList().toString();
    }
    if (value instanceof RowData row) {
      return row(row);
    }
    return String.valueOf(value);
  }
}

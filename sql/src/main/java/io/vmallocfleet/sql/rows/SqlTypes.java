/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.flink.table.data.ArrayData;
import org.apache.flink.table.data.MapData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.logical.ArrayType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.MapType;
import org.apache.flink.table.types.logical.RowType;

/** Flink's internal values as Avro's: the way back of {@link AvroTypes}. */
final class SqlTypes {
  private SqlTypes() {}

  /**
   * The conversion of a column's values; null stays null.
   *
   * @param column for errors: a value an enum does not have is refused with an {@link
   *     IllegalArgumentException}
   */
  static Function<Object, Object> conversion(String column, Schema schema, LogicalType type) {
    Function<Object, Object> convert = notNull(column, AvroTypes.withoutNull(schema), type);
    return value -> value == null ? null : convert.apply(value);
  }

  private static Function<Object, Object> notNull(String column, Schema schema, LogicalType type) {
    return switch (schema.getType()) {
      case STRING -> Object::toString;
      case ENUM -> value -> symbol(column, schema, value.toString());
      case LONG ->
          value -> value instanceof TimestampData timestamp ? timestamp.getMillisecond() : value;
      case INT, DOUBLE, BOOLEAN -> value -> value;
      case BYTES -> value -> ByteBuffer.wrap((byte[]) value);
      case ARRAY -> array(column, schema, (ArrayType) type);
      case MAP -> map(column, schema, (MapType) type);
      case RECORD -> row(column, schema, (RowType) type);
      case UNION, FIXED, FLOAT, NULL ->
          throw new IllegalArgumentException("no SQL type stands for Avro's " + schema);
    };
  }

  private static Object symbol(String column, Schema schema, String text) {
    if (!schema.hasEnumSymbol(text)) {
      throw new IllegalArgumentException(
          "%s is '%s': expected one of %s"
              .formatted(column, text, String.join(", ", schema.getEnumSymbols())));
    }
    return new GenericData.EnumSymbol(schema, text);
  }

  private static Function<Object, Object> array(String column, Schema schema, ArrayType type) {
    ArrayData.ElementGetter getter = ArrayData.createElementGetter(type.getElementType());
    Function<Object, Object> convert =
        conversion(column, schema.getElementType(), type.getElementType());
    return value -> elements((ArrayData) value, getter, convert);
  }

  private static List<Object> elements(
      ArrayData array, ArrayData.ElementGetter getter, Function<Object, Object> convert) {
    List<Object> elements = new ArrayList<>();
    for (int i = 0; i < array.size(); i++) {
      elements.add(convert.apply(getter.getElementOrNull(array, i)));
    }
    return elements;
  }

  private static Function<Object, Object> map(String column, Schema schema, MapType type) {
    ArrayData.ElementGetter keys = ArrayData.createElementGetter(type.getKeyType());
    ArrayData.ElementGetter values = ArrayData.createElementGetter(type.getValueType());
    Function<Object, Object> convert =
        conversion(column, schema.getValueType(), type.getValueType());
    return value -> {
      MapData map = (MapData) value;
      Map<String, Object> converted = new HashMap<>();
      for (int i = 0; i < map.size(); i++) {
        converted.put(
            String.valueOf(keys.getElementOrNull(map.keyArray(), i)),
            convert.apply(values.getElementOrNull(map.valueArray(), i)));
      }
      return converted;
    };
  }

  private static Function<Object, Object> row(String column, Schema schema, RowType type) {
    List<Function<RowData, Object>> fields =
        IntStream.range(0, type.getFieldCount())
            .<Function<RowData, Object>>mapToObj(
                i -> {
                  RowData.FieldGetter getter = RowData.createFieldGetter(type.getTypeAt(i), i);
                  Function<Object, Object> convert =
                      conversion(
                          column + "." + type.getFieldNames().get(i),
                          schema.getFields().get(i).schema(),
                          type.getTypeAt(i));
                  return row -> convert.apply(getter.getFieldOrNull(row));
                })
            .toList();
    return value -> {
      GenericData.Record record = new GenericData.Record(schema);
      for (int i = 0; i < fields.size(); i++) {
        record.put(i, fields.get(i).apply((RowData) value));
      }
      return record;
    };
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;

/** Avro types as SQL types, and their values as Flink's internal ones. */
final class AvroTypes {
  private AvroTypes() {}

  static boolean isNullable(Schema schema) {
    return schema.getType() == Schema.Type.UNION;
  }

  /** The other branch of a union with null, or the schema itself. */
  static Schema withoutNull(Schema schema) {
    if (!isNullable(schema)) {
      return schema;
    }
    return schema.getTypes().stream()
        .filter(s -> s.getType() != Schema.Type.NULL)
        .findFirst()
        .orElseThrow();
  }

  static DataType sqlType(Schema schema) {
    DataType type = notNull(withoutNull(schema));
    return isNullable(schema) ? type.nullable() : type.notNull();
  }

  /** The conversion of a value; null stays null. */
  static UnaryOperator<Object> conversion(Schema schema) {
    UnaryOperator<Object> convert = notNullConversion(withoutNull(schema));
    return value -> value == null ? null : convert.apply(value);
  }

  private static DataType notNull(Schema schema) {
    return switch (schema.getType()) {
      case STRING, ENUM -> DataTypes.STRING();
      case INT -> DataTypes.INT();
      case LONG -> timestampUnit(schema) == 0 ? DataTypes.BIGINT() : DataTypes.TIMESTAMP_LTZ(3);
      case DOUBLE -> DataTypes.DOUBLE();
      case BOOLEAN -> DataTypes.BOOLEAN();
      case BYTES -> DataTypes.BYTES();
      case ARRAY -> DataTypes.ARRAY(sqlType(schema.getElementType()));
      // Values are never NULL, but the planner takes their type for that of map['no such key'].
      case MAP -> DataTypes.MAP(DataTypes.STRING(), sqlType(schema.getValueType()).nullable());
      case RECORD ->
          DataTypes.ROW(
              schema.getFields().stream()
                  .map(f -> DataTypes.FIELD(SqlNames.of(f.name()), sqlType(f.schema()), f.doc()))
                  .toArray(DataTypes.Field[]::new));
      case UNION, FIXED, FLOAT, NULL -> throw unmapped(schema);
    };
  }

  private static UnaryOperator<Object> notNullConversion(Schema schema) {
    return switch (schema.getType()) {
      case STRING, ENUM -> value -> StringData.fromString(value.toString());
      case INT, DOUBLE, BOOLEAN -> value -> value;
      case LONG -> longConversion(schema);
      case BYTES -> AvroTypes::bytes;
      case ARRAY -> arrayConversion(conversion(schema.getElementType()));
      case MAP -> mapConversion(conversion(schema.getValueType()));
      case RECORD -> recordConversion(schema);
      case UNION, FIXED, FLOAT, NULL -> throw unmapped(schema);
    };
  }

  private static UnaryOperator<Object> longConversion(Schema schema) {
    long unit = timestampUnit(schema);
    return unit == 0
        ? value -> value
        : value -> TimestampData.fromEpochMillis(Math.floorDiv((Long) value, unit));
  }

  /** Units of a millisecond the timestamp counts in; 0 if it is none. */
  private static long timestampUnit(Schema schema) {
    LogicalType logical = schema.getLogicalType();
    if (logical instanceof LogicalTypes.TimestampMillis) {
      return 1;
    }
    return logical instanceof LogicalTypes.TimestampMicros ? 1000 : 0;
  }

  private static Object bytes(Object value) {
    ByteBuffer buffer = ((ByteBuffer) value).duplicate();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static UnaryOperator<Object> arrayConversion(UnaryOperator<Object> element) {
    return value -> new GenericArrayData(((Collection<?>) value).stream().map(element).toArray());
  }

  private static UnaryOperator<Object> mapConversion(UnaryOperator<Object> element) {
    return value -> {
      var converted = new HashMap<StringData, Object>();
      ((Map<?, ?>) value)
          .forEach((k, v) -> converted.put(StringData.fromString(k.toString()), element.apply(v)));
      return new GenericMapData(converted);
    };
  }

  private static UnaryOperator<Object> recordConversion(Schema schema) {
    List<UnaryOperator<Object>> fields =
        schema.getFields().stream().map(f -> conversion(f.schema())).toList();
    return value -> {
      var row = new GenericRowData(fields.size());
      for (int i = 0; i < fields.size(); i++) {
        row.setField(i, fields.get(i).apply(((IndexedRecord) value).get(i)));
      }
      return row;
    };
  }

  private static IllegalArgumentException unmapped(Schema schema) {
    return new IllegalArgumentException("no SQL type stands for Avro's " + schema);
  }
}

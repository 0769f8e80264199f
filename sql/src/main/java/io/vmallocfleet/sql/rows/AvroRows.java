/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.rows;

import io.vmallocfleet.schemas.ProjectedReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * One row a record. A field is a column; a nested record that is laid flat gives its fields, with a
 * prefix where they would not be understood without. A column stands for a path of fields:
 *
 * <pre>cohort.kernel_release  kernel_release
 * bytes_per_host.p99     bytes_per_host_p99</pre>
 */
public final class AvroRows implements RowShape {
  private final Schema schema;
  private final Map<String, Path> paths;

  /** Fields from the record inwards, with the type and words of the last. */
  private record Path(List<Integer> fields, Schema schema, boolean nullable, String doc) {
    Path child(Schema.Field field) {
      var deeper = new ArrayList<>(fields);
      deeper.add(field.pos());
      return new Path(
          deeper, field.schema(), nullable || AvroTypes.isNullable(schema), field.doc());
    }

    DataType sqlType() {
      DataType type = AvroTypes.sqlType(schema);
      return nullable ? type.nullable() : type;
    }
  }

  private AvroRows(Schema schema, Map<String, Path> paths) {
    this.schema = schema;
    this.paths = paths;
  }

  /**
   * @param flat nested records to lay flat, by dotted path, with the prefix of their columns
   * @param names of columns that are called otherwise than their field, by dotted path
   */
  public static AvroRows of(Schema schema, Map<String, String> flat, Map<String, String> names) {
    var paths = new LinkedHashMap<String, Path>();
    lay(new Path(List.of(), schema, false, ""), "", "", flat, names, paths);
    return new AvroRows(schema, paths);
  }

  @Override
  public List<Column> columns() {
    return paths.entrySet().stream()
        .map(e -> new Column(e.getKey(), e.getValue().sqlType(), e.getValue().doc()))
        .toList();
  }

  @Override
  public RowDecoder decoder(List<String> columns) {
    Set<String> fields = new HashSet<>();
    List<Path> wanted = new ArrayList<>();
    for (String column : columns) {
      Path path = paths.get(column);
      if (path == null) {
        throw new IllegalArgumentException(
            "%s has no column %s: there are %s"
                .formatted(schema.getName(), column, String.join(", ", paths.keySet())));
      }
      wanted.add(path);
      fields.add(schema.getFields().get(path.fields().get(0)).name());
    }
    var reader = new ProjectedReader(schema, fields);
    List<UnaryOperator<Object>> extractions =
        wanted.stream().map(path -> extraction(path, reader.schema())).toList();
    return (bytes, rows) -> {
      IndexedRecord record = reader.read(bytes);
      var row = new GenericRowData(extractions.size());
      for (int i = 0; i < extractions.size(); i++) {
        row.setField(i, extractions.get(i).apply(record));
      }
      rows.accept(row);
    };
  }

  /**
   * The way back: a record out of a row. NULL is what the schema says for a field that is not
   * given; a field for which it says nothing stays unset, for the caller to fill or to refuse.
   *
   * @param type of the rows
   */
  public Function<RowData, GenericRecord> records(RowType type) {
    Map<List<Integer>, Function<RowData, Object>> values = new HashMap<>();
    for (int i = 0; i < type.getFieldCount(); i++) {
      String column = type.getFieldNames().get(i);
      Path path = paths.get(column);
      if (path == null) {
        throw new IllegalArgumentException(schema.getName() + " has no column " + column);
      }
      RowData.FieldGetter getter = RowData.createFieldGetter(type.getTypeAt(i), i);
      Function<Object, Object> convert =
          SqlTypes.conversion(column, path.schema(), type.getTypeAt(i));
      values.put(path.fields(), row -> convert.apply(getter.getFieldOrNull(row)));
    }
    return row -> {
      Map<List<Integer>, Object> given = new HashMap<>();
      values.forEach(
          (path, value) -> {
            Object converted = value.apply(row);
            if (converted != null) {
              given.put(path, converted);
            }
          });
      return record(schema, List.of(), given);
    };
  }

  private static GenericRecord record(
      Schema schema, List<Integer> at, Map<List<Integer>, Object> given) {
    GenericRecord record = new GenericData.Record(schema);
    for (Schema.Field field : schema.getFields()) {
      var path = new ArrayList<>(at);
      path.add(field.pos());
      record.put(field.pos(), fieldValue(field, path, given));
    }
    return record;
  }

  private static Object fieldValue(
      Schema.Field field, List<Integer> path, Map<List<Integer>, Object> given) {
    Object value = given.get(path);
    if (value != null) {
      return value;
    }
    boolean partly =
        given.keySet().stream()
            .anyMatch(p -> p.size() > path.size() && p.subList(0, path.size()).equals(path));
    Schema type = AvroTypes.withoutNull(field.schema());
    if (partly || type.getType() == Schema.Type.RECORD && !AvroTypes.isNullable(field.schema())) {
      return record(type, path, given);
    }
    return field.hasDefaultValue() ? GenericData.get().getDefaultValue(field) : null;
  }

  /** The first field is looked up by name: the projection has moved it. */
  private UnaryOperator<Object> extraction(Path path, Schema projection) {
    String first = schema.getFields().get(path.fields().get(0)).name();
    int moved = projection.getField(first).pos();
    List<Integer> inner = path.fields().subList(1, path.fields().size());
    UnaryOperator<Object> convert = AvroTypes.conversion(path.schema());
    return record -> {
      Object value = ((IndexedRecord) record).get(moved);
      for (int position : inner) {
        if (value == null) {
          return null;
        }
        value = ((IndexedRecord) value).get(position);
      }
      return convert.apply(value);
    };
  }

  private static void lay(
      Path parent,
      String dotted,
      String prefix,
      Map<String, String> flat,
      Map<String, String> names,
      Map<String, Path> into) {
    for (Schema.Field field : AvroTypes.withoutNull(parent.schema()).getFields()) {
      String path = dotted + field.name();
      String inner = flat.get(path);
      if (inner != null) {
        lay(parent.child(field), path + ".", inner, flat, names, into);
      } else {
        String column = names.getOrDefault(path, SqlNames.of(prefix + field.name()));
        if (!column.isEmpty() && into.put(column, parent.child(field)) != null) {
          throw new IllegalArgumentException("two columns " + column + ", one of them " + path);
        }
      }
    }
  }
}

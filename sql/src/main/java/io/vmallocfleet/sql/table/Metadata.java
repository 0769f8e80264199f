/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.data.TimestampData;
import org.apache.flink.table.types.DataType;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Columns a record has from Kafka, not from its value. */
public enum Metadata {
  PARTITION(
      "kafka_partition",
      DataTypes.INT().notNull(),
      "Partition the record lies in.",
      ConsumerRecord::partition),
  OFFSET("kafka_offset", DataTypes.BIGINT().notNull(), "Its offset there.", ConsumerRecord::offset),
  TIME(
      "kafka_time",
      DataTypes.TIMESTAMP_LTZ(3).notNull(),
      "Kafka's timestamp of it.",
      record -> TimestampData.fromEpochMillis(record.timestamp()));

  private final String column;
  private final DataType type;
  private final String comment;
  private final Function<ConsumerRecord<?, ?>, Object> value;

  Metadata(
      String column, DataType type, String comment, Function<ConsumerRecord<?, ?>, Object> value) {
    this.column = column;
    this.type = type;
    this.comment = comment;
    this.value = value;
  }

  public String column() {
    return column;
  }

  public DataType type() {
    return type;
  }

  public String comment() {
    return comment;
  }

  Object of(ConsumerRecord<?, ?> record) {
    return value.apply(record);
  }

  static Map<String, DataType> types() {
    var types = new LinkedHashMap<String, DataType>();
    Arrays.stream(values()).forEach(m -> types.put(m.column, m.type));
    return types;
  }

  static Metadata named(String column) {
    return Arrays.stream(values()).filter(m -> m.column.equals(column)).findFirst().orElseThrow();
  }
}

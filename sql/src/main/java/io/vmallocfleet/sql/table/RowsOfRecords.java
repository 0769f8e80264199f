/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.sql.rows.RowDecoder;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.utils.JoinedRowData;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka records to rows of a table. One that cannot be read is left out, counted in {@code
 * unreadableRecords} and told in the log: a query is not stopped by it, and the job that watches
 * over the topic has put it among the dead letters. Tombstones are no rows.
 */
final class RowsOfRecords implements KafkaRecordDeserializationSchema<RowData> {
  private static final Logger LOG = LoggerFactory.getLogger(RowsOfRecords.class);

  /** A topic full of foreign records must not fill the log of everybody who queries it. */
  private static final int TOLD_ONE_BY_ONE = 10;

  private final FleetTable table;
  private final List<String> columns;
  private final List<Metadata> metadata;
  private final TypeInformation<RowData> type;
  private transient RowDecoder decoder;
  private transient Counter unreadable;

  RowsOfRecords(
      FleetTable table,
      List<String> columns,
      List<Metadata> metadata,
      TypeInformation<RowData> type) {
    this.table = table;
    this.columns = columns;
    this.metadata = metadata;
    this.type = type;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    decoder = table.shape().decoder(columns);
    unreadable = context.getMetricGroup().counter("unreadableRecords");
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<RowData> out) {
    if (record.value() == null) {
      return;
    }
    try {
      decoder.decode(record.value(), withMetadata(record, out));
    } catch (UnreadableRecordException e) {
      unreadable.inc();
      if (unreadable.getCount() <= TOLD_ONE_BY_ONE) {
        LOG.warn(
            "{} partition {} offset {} is left out of {}: {}",
            record.topic(),
            record.partition(),
            record.offset(),
            table.tableName(),
            e.getMessage());
      } else if (unreadable.getCount() % 1000 == 0) {
        LOG.warn(
            "{} records of {} are left out of {}",
            unreadable.getCount(),
            record.topic(),
            table.tableName());
      }
    }
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return type;
  }

  private Consumer<RowData> withMetadata(
      ConsumerRecord<byte[], byte[]> record, Collector<RowData> out) {
    if (metadata.isEmpty()) {
      return out::collect;
    }
    var fromKafka = new GenericRowData(metadata.size());
    for (int i = 0; i < metadata.size(); i++) {
      fromKafka.setField(i, metadata.get(i).of(record));
    }
    return row -> out.collect(new JoinedRowData(row, fromKafka));
  }
}

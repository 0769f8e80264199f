/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.format;

import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.sql.rows.RowDecoder;
import io.vmallocfleet.sql.table.FleetTable;
import java.util.List;
import javax.annotation.Nullable;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Record bytes to rows, where a connector does not tell where they come from. What cannot be read
 * is left out, counted in {@code unreadableRecords} and told in the log.
 */
final class RowsOfBytes implements DeserializationSchema<RowData> {
  private static final Logger LOG = LoggerFactory.getLogger(RowsOfBytes.class);
  private static final int TOLD_ONE_BY_ONE = 10;

  private final FleetTable table;
  private final List<String> columns;
  private final TypeInformation<RowData> type;
  private transient RowDecoder decoder;
  private transient Counter unreadable;

  RowsOfBytes(FleetTable table, List<String> columns, TypeInformation<RowData> type) {
    this.table = table;
    this.columns = columns;
    this.type = type;
  }

  @Override
  public void open(InitializationContext context) {
    decoder = table.shape().decoder(columns);
    unreadable = context.getMetricGroup().counter("unreadableRecords");
  }

  @Override
  public void deserialize(@Nullable byte[] message, Collector<RowData> out) {
    if (message == null) {
      return;
    }
    try {
      decoder.decode(message, out::collect);
    } catch (UnreadableRecordException e) {
      unreadable.inc();
      if (unreadable.getCount() <= TOLD_ONE_BY_ONE) {
        LOG.warn("a record is left out of rows as of {}: {}", table.tableName(), e.getMessage());
      }
    }
  }

  @Override
  public RowData deserialize(byte[] message) {
    throw new UnsupportedOperationException("a record may be many rows: they go to a collector");
  }

  @Override
  public boolean isEndOfStream(RowData nextElement) {
    return false;
  }

  @Override
  public TypeInformation<RowData> getProducedType() {
    return type;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.ProviderContext;
import org.apache.flink.table.connector.source.DataStreamScanProvider;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.connector.source.abilities.SupportsWatermarkPushDown;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;

/**
 * A topic read as a table. The Kafka connector's own table source builds every column of every row;
 * this one is told by the planner which columns a query uses and decodes only those. Watermarks are
 * made in the source, per partition.
 */
final class FleetTableSource
    implements ScanTableSource,
        SupportsProjectionPushDown,
        SupportsReadingMetadata,
        SupportsWatermarkPushDown {
  private final FleetTable table;
  private final KafkaConnection kafka;
  private final ScanRange range;
  private final DataType declared;
  private List<String> columns;
  private List<Metadata> metadata = List.of();
  private DataType producedType;
  @Nullable private WatermarkStrategy<RowData> watermarks;

  /**
   * @param declared type of the columns the table declares, without metadata
   */
  FleetTableSource(FleetTable table, KafkaConnection kafka, ScanRange range, DataType declared) {
    this.table = table;
    this.kafka = kafka;
    this.range = range;
    this.declared = declared;
    this.columns = DataType.getFieldNames(declared);
    this.producedType = declared;
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }

  @Override
  public boolean supportsNestedProjection() {
    return false;
  }

  /** The type may hold metadata already; what is projected are declared columns only. */
  @Override
  public void applyProjection(int[][] projectedFields, DataType typeWithMetadata) {
    List<String> names = DataType.getFieldNames(declared);
    columns = Arrays.stream(projectedFields).map(path -> names.get(path[0])).toList();
    producedType = typeWithMetadata;
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    return Metadata.types();
  }

  @Override
  public void applyReadableMetadata(List<String> metadataKeys, DataType typeWithMetadata) {
    metadata = metadataKeys.stream().map(Metadata::named).toList();
    producedType = typeWithMetadata;
  }

  @Override
  public void applyWatermark(WatermarkStrategy<RowData> watermarkStrategy) {
    watermarks = watermarkStrategy;
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    var records =
        new RowsOfRecords(table, columns, metadata, context.createTypeInformation(producedType));
    KafkaSourceBuilder<RowData> builder =
        KafkaSource.<RowData>builder()
            .setBootstrapServers(kafka.bootstrap())
            .setTopics(table.topic().topicName())
            .setProperties(kafka.consumerProperties())
            .setDeserializer(records);
    range.applyTo(builder);
    return new Scan(builder.build(), watermarks, table.tableName());
  }

  private record Scan(
      KafkaSource<RowData> source, @Nullable WatermarkStrategy<RowData> watermarks, String name)
      implements DataStreamScanProvider {
    @Override
    public DataStream<RowData> produceDataStream(
        ProviderContext context, StreamExecutionEnvironment env) {
      DataStreamSource<RowData> stream =
          env.fromSource(
              source, watermarks == null ? WatermarkStrategy.noWatermarks() : watermarks, name);
      context.generateUid("vmalloc").ifPresent(stream::uid);
      return stream;
    }

    @Override
    public boolean isBounded() {
      return source.getBoundedness() == Boundedness.BOUNDED;
    }
  }

  @Override
  public DynamicTableSource copy() {
    var copy = new FleetTableSource(table, kafka, range, declared);
    copy.columns = columns;
    copy.producedType = producedType;
    copy.metadata = metadata;
    copy.watermarks = watermarks;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return table.topic().topicName();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.sink.SinkV2Provider;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.RowType;

/**
 * {@code INSERT INTO vmalloc_findings}: rules of people. At least once and at once, as the
 * detectors write theirs; the same finding twice is one alert.
 */
final class FindingSink implements DynamicTableSink {
  private final KafkaConnection kafka;
  private final DataType type;

  FindingSink(KafkaConnection kafka, DataType type) {
    this.kafka = kafka;
    this.type = type;
  }

  @Override
  public ChangelogMode getChangelogMode(ChangelogMode requestedMode) {
    return ChangelogMode.insertOnly();
  }

  @Override
  public SinkRuntimeProvider getSinkRuntimeProvider(Context context) {
    return SinkV2Provider.of(
        KafkaSink.<RowData>builder()
            .setBootstrapServers(kafka.bootstrap())
            .setKafkaProducerConfig(kafka.producerProperties())
            .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
            .setRecordSerializer(new FindingRecords((RowType) type.getLogicalType()))
            .build());
  }

  @Override
  public DynamicTableSink copy() {
    return new FindingSink(kafka, type);
  }

  @Override
  public String asSummaryString() {
    return FleetTable.FINDINGS.topic().topicName();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_BOUNDED_MODE;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_BOUNDED_TIMESTAMP_MILLIS;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_STARTUP_MODE;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_STARTUP_TIMESTAMP_MILLIS;

import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.sink.DynamicTableSink;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSinkFactory;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Tables of the catalog {@code vmalloc}. Tables that people make there themselves, over files say,
 * are left to the connector they name.
 */
public final class FleetTableFactory implements DynamicTableSourceFactory, DynamicTableSinkFactory {
  /** As in a table's {@code connector} option. */
  public static final String IDENTIFIER = "vmalloc";

  private final KafkaConnection kafka;

  public FleetTableFactory(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of();
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(
        SCAN_STARTUP_MODE,
        SCAN_STARTUP_TIMESTAMP_MILLIS,
        SCAN_BOUNDED_MODE,
        SCAN_BOUNDED_TIMESTAMP_MILLIS);
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    if (!isOurs(context)) {
      return FactoryUtil.createDynamicTableSource(
          null,
          context.getObjectIdentifier(),
          context.getCatalogTable(),
          context.getEnrichmentOptions(),
          context.getConfiguration(),
          context.getClassLoader(),
          context.isTemporary());
    }
    var helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    return new FleetTableSource(
        table(context),
        kafka,
        ScanRange.of(helper.getOptions(), context.getConfiguration()),
        context.getPhysicalRowDataType());
  }

  @Override
  public DynamicTableSink createDynamicTableSink(Context context) {
    if (!isOurs(context)) {
      return FactoryUtil.createDynamicTableSink(
          null,
          context.getObjectIdentifier(),
          context.getCatalogTable(),
          context.getEnrichmentOptions(),
          context.getConfiguration(),
          context.getClassLoader(),
          context.isTemporary());
    }
    if (table(context) == FleetTable.FINDINGS) {
      return new FindingSink(kafka, context.getPhysicalRowDataType());
    }
    throw new ValidationException(
        "%s is written by the product's own jobs only; rules of yours go INSERT INTO %s"
            .formatted(
                context.getObjectIdentifier().getObjectName(), FleetTable.FINDINGS.tableName()));
  }

  private static boolean isOurs(Context context) {
    return IDENTIFIER.equals(
        context.getCatalogTable().getOptions().get(FactoryUtil.CONNECTOR.key()));
  }

  private static FleetTable table(Context context) {
    String name = context.getObjectIdentifier().getObjectName();
    return FleetTable.named(name)
        .orElseThrow(() -> new ValidationException("no topic stands behind table " + name));
  }
}

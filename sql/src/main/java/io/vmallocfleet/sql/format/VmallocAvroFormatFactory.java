/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.format;

import io.vmallocfleet.sql.table.FleetTable;
import java.util.Arrays;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.Projection;
import org.apache.flink.table.connector.format.DecodingFormat;
import org.apache.flink.table.connector.format.ProjectableDecodingFormat;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.factories.DeserializationFormatFactory;
import org.apache.flink.table.factories.DynamicTableFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.apache.flink.table.types.DataType;

/**
 * Our records under any connector that carries bytes, for instance a mirror of a topic under
 * another name:
 *
 * <pre>{@code
 * CREATE TABLE areas_of_eu (hostname STRING, caller STRING, held_bytes BIGINT) WITH (
 *   'connector' = 'kafka', 'topic' = 'eu.vmalloc.snapshots', ...,
 *   'format' = 'vmalloc-avro', 'vmalloc-avro.rows-of' = 'vmalloc_areas')
 * }</pre>
 *
 * Columns are those of the catalog's table, as many as one likes, by name.
 */
public final class VmallocAvroFormatFactory implements DeserializationFormatFactory {
  /** As in a table's {@code format} option. */
  public static final String IDENTIFIER = "vmalloc-avro";

  private static final ConfigOption<String> ROWS_OF =
      ConfigOptions.key("rows-of")
          .stringType()
          .noDefaultValue()
          .withDescription("Table of the catalog vmalloc whose rows the records are read as.");

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(ROWS_OF);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of();
  }

  @Override
  public DecodingFormat<DeserializationSchema<RowData>> createDecodingFormat(
      DynamicTableFactory.Context context, ReadableConfig options) {
    FactoryUtil.validateFactoryOptions(this, options);
    String name = options.get(ROWS_OF);
    FleetTable table =
        FleetTable.named(name)
            .orElseThrow(
                () ->
                    new ValidationException(
                        "'%s.%s' is '%s': expected one of %s"
                            .formatted(
                                IDENTIFIER,
                                ROWS_OF.key(),
                                name,
                                Arrays.stream(FleetTable.values())
                                    .map(FleetTable::tableName)
                                    .toList())));
    return new Decoding(table);
  }

  private record Decoding(FleetTable table)
      implements ProjectableDecodingFormat<DeserializationSchema<RowData>> {
    @Override
    public DeserializationSchema<RowData> createRuntimeDecoder(
        DynamicTableSource.Context context, DataType physicalType, int[][] projections) {
      DataType produced = Projection.of(projections).project(physicalType);
      return new RowsOfBytes(
          table, DataType.getFieldNames(produced), context.createTypeInformation(produced));
    }

    @Override
    public ChangelogMode getChangelogMode() {
      return ChangelogMode.insertOnly();
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_BOUNDED_MODE;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_BOUNDED_TIMESTAMP_MILLIS;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_STARTUP_MODE;
import static org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.SCAN_STARTUP_TIMESTAMP_MILLIS;

import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.ScanBoundedMode;
import org.apache.flink.streaming.connectors.kafka.table.KafkaConnectorOptions.ScanStartupMode;
import org.apache.flink.table.api.ValidationException;

/**
 * Which part of a topic a query reads: in batch mode from the earliest record to the latest there
 * is when it starts, in streaming mode on and on. The Kafka connector's options, as hints or in a
 * table of one's own, say otherwise.
 *
 * @param end empty for none
 */
record ScanRange(OffsetsInitializer start, Optional<OffsetsInitializer> end) {

  /**
   * @param options of the table, hints included
   * @param session settings, of which the runtime mode counts
   */
  static ScanRange of(ReadableConfig options, ReadableConfig session) {
    return new ScanRange(start(options), end(options, session));
  }

  void applyTo(KafkaSourceBuilder<?> source) {
    source.setStartingOffsets(start);
    end.ifPresent(source::setBounded);
  }

  private static OffsetsInitializer start(ReadableConfig options) {
    ScanStartupMode mode =
        options.getOptional(SCAN_STARTUP_MODE).orElse(ScanStartupMode.EARLIEST_OFFSET);
    return switch (mode) {
      case EARLIEST_OFFSET -> OffsetsInitializer.earliest();
      case LATEST_OFFSET -> OffsetsInitializer.latest();
      case TIMESTAMP ->
          OffsetsInitializer.timestamp(required(options, SCAN_STARTUP_TIMESTAMP_MILLIS));
      case GROUP_OFFSETS, SPECIFIC_OFFSETS -> throw unsupported(SCAN_STARTUP_MODE, mode);
    };
  }

  private static Optional<OffsetsInitializer> end(ReadableConfig options, ReadableConfig session) {
    boolean batch = session.get(ExecutionOptions.RUNTIME_MODE) == RuntimeExecutionMode.BATCH;
    ScanBoundedMode mode =
        options
            .getOptional(SCAN_BOUNDED_MODE)
            .orElse(batch ? ScanBoundedMode.LATEST_OFFSET : ScanBoundedMode.UNBOUNDED);
    return switch (mode) {
      case UNBOUNDED -> Optional.empty();
      case LATEST_OFFSET -> Optional.of(OffsetsInitializer.latest());
      case TIMESTAMP ->
          Optional.of(
              OffsetsInitializer.timestamp(required(options, SCAN_BOUNDED_TIMESTAMP_MILLIS)));
      case GROUP_OFFSETS, SPECIFIC_OFFSETS -> throw unsupported(SCAN_BOUNDED_MODE, mode);
    };
  }

  private static long required(ReadableConfig options, ConfigOption<Long> option) {
    return options
        .getOptional(option)
        .orElseThrow(
            () -> new ValidationException("mode timestamp needs '" + option.key() + "' beside it"));
  }

  private static ValidationException unsupported(ConfigOption<?> option, Object mode) {
    return new ValidationException(
        "'%s' is '%s': expected earliest-offset, latest-offset, unbounded or timestamp, as it applies"
            .formatted(option.key(), mode));
  }
}

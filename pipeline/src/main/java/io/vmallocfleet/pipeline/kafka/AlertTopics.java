/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.pipeline.RoutingConfig;
import io.vmallocfleet.pipeline.alerts.Incoming;
import io.vmallocfleet.pipeline.alerts.Progress;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.Rule;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/**
 * Sources and sinks of {@code alert-routing}.
 *
 * <p>Alerts are written at least once and at once: the last record of a key is what holds, so one
 * that comes twice changes nothing, and nobody waits for a checkpoint to be paged.
 */
public final class AlertTopics {
  private static final String GROUP = "alert-routing";

  private AlertTopics() {}

  /** A job without state begins a lookback before now: what is older is over, or seen again. */
  public static KafkaSource<Incoming> findings(RoutingConfig config, long nowMillis) {
    return KafkaSource.<Incoming>builder()
        .setBootstrapServers(config.bootstrap())
        .setTopics(FleetTopic.FINDINGS.topicName())
        .setGroupId(GROUP)
        .setStartingOffsets(OffsetsInitializer.timestamp(nowMillis - config.lookback().toMillis()))
        .setDeserializer(new DecodeRecords<>(Finding.class, Incoming::of))
        .setProperties(config.kafkaProperties())
        .build();
  }

  /** All rules there are, then new ones. */
  public static KafkaSource<Incoming> rules(RoutingConfig config) {
    return KafkaSource.<Incoming>builder()
        .setBootstrapServers(config.bootstrap())
        .setTopics(FleetTopic.RULES.topicName())
        .setGroupId(GROUP)
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new DecodeRecords<>(Rule.class, Incoming::of))
        .setProperties(config.kafkaProperties())
        .build();
  }

  /** What analytics does from now on; its windows only once they are committed. */
  public static KafkaSource<Progress> progress(RoutingConfig config) {
    KafkaSourceBuilder<Progress> builder =
        KafkaSource.<Progress>builder()
            .setBootstrapServers(config.bootstrap())
            .setTopics(FleetTopic.CALLER_WINDOWS.topicName(), FleetTopic.DEAD_LETTERS.topicName())
            .setGroupId(GROUP)
            .setStartingOffsets(OffsetsInitializer.latest())
            .setDeserializer(new DecodeProgress())
            .setProperties(config.kafkaProperties());
    return builder.setProperty("isolation.level", "read_committed").build();
  }

  public static KafkaSink<Alert> alerts(RoutingConfig config) {
    return atLeastOnce(
        config, RecordSerializer.of(FleetTopic.ALERTS, Alert.class, Alert::getFingerprint));
  }

  public static KafkaSink<DeadLetter> deadLetters(RoutingConfig config) {
    return atLeastOnce(
        config, RecordSerializer.of(FleetTopic.DEAD_LETTERS, DeadLetter.class, d -> null));
  }

  private static <T extends SpecificRecord> KafkaSink<T> atLeastOnce(
      RoutingConfig config, RecordSerializer<T> serializer) {
    return KafkaSink.<T>builder()
        .setKafkaProducerConfig(config.kafkaProperties())
        .setBootstrapServers(config.bootstrap())
        .setProperty("compression.type", "zstd")
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(serializer)
        .build();
  }
}

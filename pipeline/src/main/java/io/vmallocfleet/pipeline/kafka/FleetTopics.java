/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.alerts.Incoming;
import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Rule;
import org.apache.avro.specific.SpecificRecord;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;

/**
 * Sources and sinks over our topics.
 *
 * <p>Windows are written exactly once: a window counted twice is a wrong number. They become
 * visible with the checkpoint that commits them. So are the dead letters of late snapshots: which
 * one is late may come out differently after a crash, and who is in a window must not be among the
 * late. Findings and all other dead letters are written at least once and at once: a page must not
 * wait for a checkpoint, and both carry an identity.
 */
public final class FleetTopics {
  private FleetTopics() {}

  /**
   * All snapshots the topic still holds, then new ones. Progress lives in Flink's checkpoints; the
   * offsets committed to the consumer group only show it.
   */
  public static KafkaSource<Delivery> snapshots(PipelineConfig config) {
    return KafkaSource.<Delivery>builder()
        .setBootstrapServers(config.bootstrap())
        .setTopics(FleetTopic.SNAPSHOTS.topicName())
        .setGroupId("fleet-analytics")
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new DecodeSnapshots())
        // A snapshot may be megabytes when unpacked, and a task holds up to four polls of them.
        .setProperty("max.poll.records", "50")
        .setProperties(config.kafkaProperties())
        .build();
  }

  /** All rules there are, then new ones. */
  public static KafkaSource<Incoming> rules(PipelineConfig config) {
    return KafkaSource.<Incoming>builder()
        .setBootstrapServers(config.bootstrap())
        .setTopics(FleetTopic.RULES.topicName())
        .setGroupId("fleet-analytics")
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new DecodeRecords<>(Rule.class, Incoming::of))
        .setProperties(config.kafkaProperties())
        .build();
  }

  public static KafkaSink<HostWindow> hostWindows(PipelineConfig config) {
    return exactlyOnce(
        config,
        RecordSerializer.of(FleetTopic.HOST_WINDOWS, HostWindow.class, HostWindow::getHostId));
  }

  public static KafkaSink<CallerWindow> callerWindows(PipelineConfig config) {
    return exactlyOnce(
        config,
        RecordSerializer.of(
            FleetTopic.CALLER_WINDOWS,
            CallerWindow.class,
            w ->
                String.join(
                    "\n",
                    w.getFunction(),
                    w.getModule(),
                    w.getCohort().getKernelRelease(),
                    w.getCohort().getKernelBuild(),
                    w.getCohort().getArchitecture())));
  }

  public static KafkaSink<Finding> findings(PipelineConfig config) {
    return atLeastOnce(
        config, RecordSerializer.of(FleetTopic.FINDINGS, Finding.class, Finding::getFingerprint));
  }

  public static KafkaSink<DeadLetter> deadLetters(PipelineConfig config) {
    return atLeastOnce(config, deadLetterRecords());
  }

  /** To the dead letters. */
  public static KafkaSink<DeadLetter> lateSnapshots(PipelineConfig config) {
    return exactlyOnce(config, deadLetterRecords());
  }

  private static RecordSerializer<DeadLetter> deadLetterRecords() {
    return RecordSerializer.of(FleetTopic.DEAD_LETTERS, DeadLetter.class, d -> null);
  }

  private static <T extends SpecificRecord> KafkaSink<T> exactlyOnce(
      PipelineConfig config, RecordSerializer<T> serializer) {
    return KafkaSink.<T>builder()
        // Nobody sees a record before the checkpoint commits it, so batches may wait to fill.
        .setProperty("batch.size", String.valueOf(256 * 1024))
        .setProperty("linger.ms", "100")
        .setKafkaProducerConfig(config.kafkaProperties())
        .setBootstrapServers(config.bootstrap())
        .setProperty("compression.type", "zstd")
        .setProperty(
            "transaction.timeout.ms", String.valueOf(config.transactionTimeout().toMillis()))
        .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
        .setTransactionalIdPrefix("fleet-analytics-" + serializer.topicName())
        .setRecordSerializer(serializer)
        .build();
  }

  private static <T extends SpecificRecord> KafkaSink<T> atLeastOnce(
      PipelineConfig config, RecordSerializer<T> serializer) {
    return KafkaSink.<T>builder()
        .setKafkaProducerConfig(config.kafkaProperties())
        .setBootstrapServers(config.bootstrap())
        .setProperty("compression.type", "zstd")
        // A dead letter wraps a snapshot of up to 8 MiB.
        .setProperty("max.request.size", String.valueOf(9 * 1024 * 1024))
        .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
        .setRecordSerializer(serializer)
        .build();
  }
}

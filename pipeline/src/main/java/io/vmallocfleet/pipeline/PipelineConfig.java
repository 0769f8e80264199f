/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.detection.fleet.FleetSettings;
import io.vmallocfleet.settings.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;

/**
 * Settings of the {@code fleet-analytics} job, from {@code VMALLOC_PIPELINE_} variables; the README
 * table lists them.
 *
 * @param bootstrap Kafka bootstrap servers
 * @param kafka client properties passed through to every Kafka client, TLS and SASL included
 * @param window length of the tumbling event-time windows
 * @param maxOutOfOrderness how long a window waits for snapshots that are under way
 * @param idleness silence after which a partition no longer holds back the watermark
 * @param clockTolerance how far a host clock may run ahead of the broker's
 * @param transactionTimeout how long a crashed job may stay away without losing windows its last
 *     checkpoint promised; at most the broker's {@code transaction.max.timeout.ms}
 * @param checkpointInterval also the longest a finished window stays invisible
 * @param maxParallelism key groups: fixed for the life of a job's state
 */
public record PipelineConfig(
    String bootstrap,
    Map<String, String> kafka,
    Duration window,
    Duration maxOutOfOrderness,
    Duration idleness,
    Duration clockTolerance,
    Duration transactionTimeout,
    Duration checkpointInterval,
    int maxParallelism,
    DetectionSettings detection,
    FleetSettings fleet) {
  private static final String PREFIX = "VMALLOC_PIPELINE_";

  public PipelineConfig {
    kafka = Map.copyOf(kafka);
    detection = detection.withWindow(window);
  }

  /**
   * @throws IllegalArgumentException with one line for each thing that is wrong
   */
  public static PipelineConfig from(Map<String, String> environment) {
    var settings = new Settings(PREFIX, environment);
    DetectionSettings defaults = DetectionSettings.DEFAULTS;
    var config =
        new PipelineConfig(
            settings.text("BOOTSTRAP", "127.0.0.1:9092"),
            settings.group("KAFKA"),
            settings.duration("WINDOW", Duration.ofMinutes(1)),
            settings.duration("MAX_OUT_OF_ORDERNESS", Duration.ofSeconds(10)),
            settings.duration("IDLENESS", Duration.ofSeconds(30)),
            settings.duration("CLOCK_TOLERANCE", Duration.ofSeconds(30)),
            settings.duration("TRANSACTION_TIMEOUT", Duration.ofMinutes(15)),
            settings.duration("CHECKPOINT_INTERVAL", Duration.ofSeconds(10)),
            settings.number("MAX_PARALLELISM", 720, 1, 32768),
            defaults
                .withFloor(settings.bytes("DETECTION_FLOOR", defaults.growth().floorBytes()))
                .withBucket(settings.duration("GROWTH_BUCKET", defaults.growth().bucket()))
                .withMinimumZ(
                    settings.decimal("GROWTH_MINIMUM_Z", defaults.growth().minimumZ(), 1, 8)),
            FleetSettings.DEFAULTS.withDay(
                settings.duration("FLEET_DAY", FleetSettings.DEFAULTS.day())));
    settings.finish();
    return config;
  }

  /** Properties of every Kafka client of the job. */
  public Properties kafkaProperties() {
    var properties = new Properties();
    properties.putAll(kafka);
    return properties;
  }

  /** For the log: values of Kafka properties are left out, they may be secrets. */
  @Override
  public String toString() {
    return "PipelineConfig[bootstrap=%s, kafka=%s, window=%s, maxOutOfOrderness=%s, idleness=%s, clockTolerance=%s, transactionTimeout=%s, checkpointInterval=%s, maxParallelism=%d, detection=%s, fleet=%s]"
        .formatted(
            bootstrap,
            kafka.keySet(),
            window,
            maxOutOfOrderness,
            idleness,
            clockTolerance,
            transactionTimeout,
            checkpointInterval,
            maxParallelism,
            detection,
            fleet);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import io.vmallocfleet.pipeline.delivery.DeliverySettings;
import io.vmallocfleet.pipeline.delivery.HttpAccess;
import io.vmallocfleet.settings.Settings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Settings of the {@code alert-routing} job, from {@code VMALLOC_ALERTS_} variables; the README
 * table lists them. What reaches Kafka is that of {@code fleet-analytics}, {@code
 * VMALLOC_PIPELINE_}, unless told otherwise.
 *
 * @param bootstrap Kafka bootstrap servers
 * @param kafka client properties passed through to every Kafka client, TLS and SASL included
 * @param lookback how far back a job without state reads findings
 * @param resendInterval from one telling of a firing alert to the next; how soon a mute that ends
 *     is noticed
 * @param stallAfter silence of {@code fleet-analytics}, or its lag, after which an alert says so
 * @param checkpointInterval what a crash repeats at most
 * @param maxParallelism key groups: fixed for the life of the job's state
 */
public record RoutingConfig(
    String bootstrap,
    Map<String, String> kafka,
    Duration lookback,
    Duration resendInterval,
    Duration stallAfter,
    DeliverySettings delivery,
    Duration checkpointInterval,
    int maxParallelism) {
  private static final String PREFIX = "VMALLOC_ALERTS_";

  public RoutingConfig {
    kafka = Map.copyOf(kafka);
  }

  /**
   * @throws IllegalArgumentException with one line for each thing that is wrong
   */
  public static RoutingConfig from(Map<String, String> environment) {
    var settings = new Settings(PREFIX, environment);
    var analytics = new Settings("VMALLOC_PIPELINE_", environment);
    var kafka = new TreeMap<>(analytics.group("KAFKA"));
    kafka.putAll(settings.group("KAFKA"));
    Duration resend = settings.duration("RESEND_INTERVAL", Duration.ofMinutes(1));
    Duration expiry = settings.duration("EXPIRY", Duration.ofMinutes(15));
    if (expiry.compareTo(resend.multipliedBy(3)) < 0) {
      settings.problem(
          PREFIX
              + "EXPIRY is below three times RESEND_INTERVAL: one lost request would resolve alerts");
    }
    var access =
        new HttpAccess(
            settings.text("USERNAME", ""),
            file(settings.text("PASSWORD_FILE", "")),
            file(settings.text("BEARER_TOKEN_FILE", "")),
            file(settings.text("CA_FILE", "")),
            settings.duration("REQUEST_TIMEOUT", Duration.ofSeconds(10)));
    access.problems().forEach(problem -> settings.problem(PREFIX + problem));
    var config =
        new RoutingConfig(
            settings.text("BOOTSTRAP", analytics.text("BOOTSTRAP", "127.0.0.1:9092")),
            kafka,
            settings.duration("LOOKBACK", Duration.ofHours(1)),
            resend,
            settings.duration("STALL_AFTER", Duration.ofMinutes(5)),
            new DeliverySettings(
                addresses(settings, "ALERTMANAGERS"),
                addresses(settings, "WEBHOOKS"),
                access,
                expiry,
                settings.text("RUNBOOK_URL", DeliverySettings.RUNBOOKS),
                settings.text("CONSOLE_URL", "")),
            settings.duration("CHECKPOINT_INTERVAL", Duration.ofSeconds(10)),
            settings.number("MAX_PARALLELISM", 720, 1, 32768));
    settings.finish();
    return config;
  }

  /** Properties of every Kafka client of the job. */
  public Properties kafkaProperties() {
    var properties = new Properties();
    properties.putAll(kafka);
    return properties;
  }

  private static List<URI> addresses(Settings settings, String key) {
    var addresses = new ArrayList<URI>();
    for (String text :
        Arrays.stream(settings.text(key, "").split(",")).filter(t -> !t.isBlank()).toList()) {
      try {
        addresses.add(DeliverySettings.address(text.strip()));
      } catch (IllegalArgumentException e) {
        settings.problem(PREFIX + key + ": " + e.getMessage());
      }
    }
    return addresses;
  }

  private static String file(String text) {
    return text.isEmpty() ? "" : Path.of(text).toAbsolutePath().toString();
  }

  /** For the log: values of Kafka properties are left out, they may be secrets. */
  @Override
  public String toString() {
    return "RoutingConfig[bootstrap=%s, kafka=%s, lookback=%s, resendInterval=%s, stallAfter=%s, delivery=%s, checkpointInterval=%s, maxParallelism=%d]"
        .formatted(
            bootstrap,
            kafka.keySet(),
            lookback,
            resendInterval,
            stallAfter,
            delivery,
            checkpointInterval,
            maxParallelism);
  }
}

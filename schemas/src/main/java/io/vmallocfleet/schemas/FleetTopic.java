/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.schemas;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;

/**
 * Every topic of the product: its name, what its values are, and the settings it is created with.
 *
 * <p>Values are Avro in single-object encoding, see {@link SingleObject}. Settings are Kafka topic
 * configs; an operator who creates topics by other means should use the same.
 */
public enum FleetTopic {
  /**
   * Key: host id. Append time is the broker's, so that a host clock running ahead shows; one record
   * holds up to 8 MiB, about 500,000 areas.
   */
  SNAPSHOTS(
      "vmalloc.snapshots",
      VmallocSnapshot.getClassSchema(),
      Map.of(
          "cleanup.policy",
          "delete",
          "retention.ms",
          days(3),
          "max.message.bytes",
          String.valueOf(8 * 1024 * 1024),
          "message.timestamp.type",
          "LogAppendTime")),

  /** Key: function, module and cohort. */
  CALLER_WINDOWS(
      "vmalloc.caller-windows",
      CallerWindow.getClassSchema(),
      Map.of("cleanup.policy", "delete", "retention.ms", days(14))),

  /** Key: host id. */
  HOST_WINDOWS(
      "vmalloc.host-windows",
      HostWindow.getClassSchema(),
      Map.of("cleanup.policy", "delete", "retention.ms", days(14))),

  /** Key: fingerprint of the finding. */
  FINDINGS(
      "vmalloc.findings",
      Finding.getClassSchema(),
      Map.of("cleanup.policy", "delete", "retention.ms", days(30))),

  /**
   * Key: fingerprint. A week of changes stays readable before only the last one of each is kept.
   */
  ALERTS(
      "vmalloc.alerts",
      Alert.getClassSchema(),
      Map.of(
          "cleanup.policy",
          "compact,delete",
          "retention.ms",
          days(90),
          "min.compaction.lag.ms",
          days(7))),

  /** Key: rule id. Kept for good: a restarted job reads all that is in force from the beginning. */
  RULES("vmalloc.rules", Rule.getClassSchema(), Map.of("cleanup.policy", "compact")),

  /** No key. */
  DEAD_LETTERS(
      "vmalloc.dead-letters",
      DeadLetter.getClassSchema(),
      Map.of(
          "cleanup.policy", "delete",
          "retention.ms", days(14),
          "max.message.bytes", String.valueOf(9 * 1024 * 1024)));

  private final String topicName;
  private final Schema valueSchema;
  private final Map<String, String> settings;

  FleetTopic(String topicName, Schema valueSchema, Map<String, String> settings) {
    this.topicName = topicName;
    this.valueSchema = valueSchema;
    var all = new TreeMap<>(settings);
    // The producers compress; the broker keeps what it is sent.
    all.put("compression.type", "producer");
    this.settings = Map.copyOf(all);
  }

  public String topicName() {
    return topicName;
  }

  /** Schema of the values this release writes. */
  public Schema valueSchema() {
    return valueSchema;
  }

  /** Kafka topic configs by name. */
  public Map<String, String> settings() {
    return settings;
  }

  /** The topic with that Kafka name, or without its {@code vmalloc.} prefix; empty if none. */
  public static Optional<FleetTopic> named(String name) {
    return Arrays.stream(values())
        .filter(t -> t.topicName.equals(name) || t.topicName.equals("vmalloc." + name))
        .findFirst();
  }

  private static String days(int days) {
    return String.valueOf(days * 24L * 60 * 60 * 1000);
  }
}

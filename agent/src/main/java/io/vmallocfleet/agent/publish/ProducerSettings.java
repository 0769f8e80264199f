/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.publish;

import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** How the agent talks to Kafka: our defaults, the operator's client properties before them. */
public final class ProducerSettings {
  private static final String FILE = ".file";

  private ProducerSettings() {}

  static Properties of(String bootstrap, Map<String, String> kafka) {
    var properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "vmalloc-agent");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, "5");
    properties.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        String.valueOf(SnapshotWriter.DEFAULT_MAX_BYTES + 32 * 1024));
    // JMX and client telemetry: memory nobody looks at.
    properties.put(ProducerConfig.METRIC_REPORTER_CLASSES_CONFIG, "");
    properties.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
    properties.putAll(kafka);
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    properties.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return properties;
  }

  /**
   * Kafka properties with the secrets read from where {@code NAME.file} says; a file's last line
   * break is not part of the secret. Properties of Kafka's own that end so stay as they are.
   *
   * @param problem told what is wrong, never with a value
   */
  public static Map<String, String> withSecrets(
      Map<String, String> kafka, Consumer<String> problem) {
    var resolved = new TreeMap<>(kafka);
    kafka.forEach(
        (name, value) -> {
          if (name.endsWith(FILE) && !ProducerConfig.configNames().contains(name)) {
            String secret = name.substring(0, name.length() - FILE.length());
            resolved.remove(name);
            if (kafka.containsKey(secret)) {
              problem.accept("kafka." + secret + " and kafka." + name + " are both set: keep one");
            }
            try {
              resolved.put(secret, Files.readString(Path.of(value)).stripTrailing());
            } catch (IOException e) {
              problem.accept(
                  "kafka.%s is %s, which cannot be read: %s; check the path and its mode"
                      .formatted(name, value, e));
            }
          }
        });
    return resolved;
  }

  /**
   * Whether Kafka accepts the properties as far as it can tell without a connection.
   *
   * @param problem told what is wrong
   */
  public static void validate(
      String bootstrap, Map<String, String> kafka, Consumer<String> problem) {
    try {
      new ProducerConfig(of(bootstrap, kafka));
    } catch (ConfigException e) {
      problem.accept("Kafka refuses its settings: " + e.getMessage());
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which Kafka, and how to come in.
 *
 * @param bootstrap {@code HOST:PORT}, several with commas between them
 * @param properties of every client, by their Kafka names: {@code security.protocol} and the like
 */
public record KafkaAccess(String bootstrap, Map<String, String> properties) {
  public KafkaAccess {
    properties = Map.copyOf(properties);
  }

  /** Without any credentials. */
  public static KafkaAccess open(String bootstrap) {
    return new KafkaAccess(bootstrap, Map.of());
  }

  /** Properties of a client: these ones, and under them what its user needs. */
  public Map<String, Object> client(Map<String, ?> needed) {
    Map<String, Object> all = new HashMap<>(needed);
    all.putAll(properties);
    all.put("bootstrap.servers", bootstrap);
    return all;
  }

  /** Values of properties are left out, they may be secrets. */
  @Override
  public String toString() {
    return bootstrap + (properties.isEmpty() ? "" : " with " + new TreeMap<>(properties).keySet());
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.sql.table;

import java.io.Serializable;
import java.util.Map;
import java.util.Properties;

/**
 * How tables reach Kafka. Kept by the catalog, never in a table's options: {@code SHOW CREATE
 * TABLE} prints those, and credentials may be among the properties.
 *
 * @param properties client properties, TLS and SASL included
 */
public record KafkaConnection(String bootstrap, Map<String, String> properties)
    implements Serializable {
  public KafkaConnection {
    properties = Map.copyOf(properties);
  }

  /** Windows are written in transactions: what was taken back is not there. */
  Properties consumerProperties() {
    var all = new Properties();
    all.setProperty("isolation.level", "read_committed");
    all.putAll(properties);
    return all;
  }

  Properties producerProperties() {
    var all = new Properties();
    all.setProperty("compression.type", "zstd");
    all.putAll(properties);
    return all;
  }

  /** Without values: they may be secrets. */
  @Override
  public String toString() {
    return "KafkaConnection[bootstrap=" + bootstrap + ", properties=" + properties.keySet() + "]";
  }
}

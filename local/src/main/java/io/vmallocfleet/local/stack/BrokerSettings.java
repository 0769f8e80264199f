/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/**
 * Where the broker keeps its records and where it listens.
 *
 * @param directory made when it is not there; records of an earlier run are taken up again
 * @param port on 127.0.0.1; 0 takes a free one, and may differ from the run before
 * @param more properties of Kafka's that win over ours, such as what its listener asks of clients
 */
public record BrokerSettings(Path directory, int port, Map<String, String> more) {
  public BrokerSettings(Path directory, int port) {
    this(directory, port, Map.of());
  }

  public BrokerSettings {
    more = Map.copyOf(more);
    Objects.requireNonNull(directory, "directory");
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("Kafka port is " + port + ": expected 0 (any) to 65535");
    }
  }
}

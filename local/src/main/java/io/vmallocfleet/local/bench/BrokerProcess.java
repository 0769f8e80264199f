/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import java.nio.file.Path;
import java.util.Map;

/** A broker in a JVM of its own: prints where it listens, and ends with its input. */
final class BrokerProcess {
  private BrokerProcess() {}

  public static void main(String[] args) throws Exception {
    try (Broker broker = Broker.start(new BrokerSettings(Path.of(args[0]), 0, Map.of()))) {
      System.out.println(broker.bootstrap());
      while (System.in.read() >= 0) {
        // Whoever started it still lives.
      }
    }
    System.exit(0);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A broker in a JVM of its own: prints where it listens, and ends with its input. */
final class BrokerProcess {
  private BrokerProcess() {}

  /** Its first line is where it listens. */
  static JavaProcess start(Path directory, Path log) throws IOException {
    return JavaProcess.start(
        List.of("-Xms512m", "-Xmx512m", "-Dvmallocfleet.log=" + log),
        BrokerProcess.class,
        directory.toString());
  }

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

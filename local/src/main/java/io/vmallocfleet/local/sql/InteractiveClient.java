/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.client.cli.CliClient;
import org.apache.flink.table.client.gateway.Executor;
import org.apache.flink.table.gateway.service.context.DefaultContext;

/** Flink's own SQL client, in gateway mode: line editing, completion, history. */
final class InteractiveClient {
  private InteractiveClient() {}

  /** Returns when the person leaves. */
  static void open(URI gateway, Map<String, String> settings) {
    var all = new HashMap<>(settings);
    // Results below the question, and not on a screen of their own that Q leaves.
    all.put("sql-client.execution.result-mode", "tableau");
    var context = new DefaultContext(all, List.of());
    var address = new InetSocketAddress(gateway.getHost(), gateway.getPort());
    Path history = Path.of(System.getProperty("user.home"), ".vmalloc-fleet-sql-history");
    try (Executor executor = Executor.create(context, address, "vmalloc-fleet");
        var client = new CliClient(CliClient.DEFAULT_TERMINAL_FACTORY, executor, history)) {
      client.executeInInteractiveMode();
    }
  }
}

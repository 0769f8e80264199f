/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.vmallocfleet.console.feed.FeedStatus;
import io.vmallocfleet.console.feed.PipelineProbe;
import io.vmallocfleet.console.store.FleetStore;
import io.vmallocfleet.console.store.HostQuery;
import io.vmallocfleet.console.store.HostRow;
import java.util.List;
import java.util.function.Supplier;

/** How the pipeline itself does. */
final class PipelineApi {
  private final FleetStore store;
  private final Supplier<FeedStatus> feed;
  private final PipelineProbe probe;

  PipelineApi(FleetStore store, Supplier<FeedStatus> feed, PipelineProbe probe) {
    this.store = store;
    this.feed = feed;
    this.probe = probe;
  }

  /**
   * @param lossy hosts that lost snapshots in their last window, most first
   * @param heapBytes the console's process has in use
   */
  record PipelineView(
      FeedStatus feed,
      FleetStore.Size size,
      PipelineProbe.Pipeline pipeline,
      FleetStore.DeadLetters deadLetters,
      List<HostRow> lossy,
      long heapBytes,
      long heapLimitBytes) {}

  void routes(RoutesConfig routes) {
    routes.get("/api/pipeline", this::pipeline);
  }

  private void pipeline(Context ctx) {
    int letters = new Query(ctx).number("deadLetters", 50, 1, 500);
    List<HostRow> lossy =
        store.hosts(new HostQuery("", null, "", HostQuery.Sort.LOST, 0, 20)).rows().stream()
            .filter(host -> host.lostSnapshots() > 0)
            .toList();
    Runtime runtime = Runtime.getRuntime();
    ctx.json(
        new PipelineView(
            feed.get(),
            store.size(),
            probe.last(),
            store.deadLetters(letters),
            lossy,
            runtime.totalMemory() - runtime.freeMemory(),
            runtime.maxMemory()));
  }
}

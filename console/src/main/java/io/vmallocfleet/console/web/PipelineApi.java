/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.vmallocfleet.console.feed.FeedStatus;
import io.vmallocfleet.console.feed.PipelineProbe;
import io.vmallocfleet.console.store.DeliveryView;
import io.vmallocfleet.console.store.FleetStore;
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
   * @param heapBytes the console's process has in use
   */
  record PipelineView(
      FeedStatus feed,
      FleetStore.Size size,
      PipelineProbe.Pipeline pipeline,
      FleetStore.DeadLetters deadLetters,
      DeliveryView delivery,
      long heapBytes,
      long heapLimitBytes) {}

  void routes(RoutesConfig routes) {
    routes.get("/api/pipeline", this::pipeline);
  }

  private void pipeline(Context ctx) {
    var query = new Query(ctx);
    int letters = query.number("deadLetters", 50, 1, 500);
    Runtime runtime = Runtime.getRuntime();
    ctx.json(
        new PipelineView(
            feed.get(),
            store.size(),
            probe.last(),
            store.deadLetters(letters),
            store.delivery(query.rangeMillis()),
            runtime.totalMemory() - runtime.freeMemory(),
            runtime.maxMemory()));
  }
}

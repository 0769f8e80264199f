/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.vmallocfleet.callers.CallerFamily;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.console.feed.FeedStatus;
import io.vmallocfleet.console.store.CallerName;
import io.vmallocfleet.console.store.CallerQuery;
import io.vmallocfleet.console.store.FleetStore;
import io.vmallocfleet.console.store.FleetView;
import io.vmallocfleet.console.store.HostQuery;
import io.vmallocfleet.console.store.HostState;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The fleet, its callers, lists and search. */
final class FleetApi {
  private static final Duration ANSWER_HOLDS = Duration.ofSeconds(1);

  private final FleetStore store;
  private final Supplier<FeedStatus> feed;
  private final CallerKnowledge knowledge;

  private final Map<Long, Answer> answers = new ConcurrentHashMap<>();

  private record Answer(FleetStore.Version version, long atNanos, FleetView view) {}

  FleetApi(FleetStore store, Supplier<FeedStatus> feed, CallerKnowledge knowledge) {
    this.store = store;
    this.feed = feed;
    this.knowledge = knowledge;
  }

  void routes(RoutesConfig routes) {
    routes.get("/api/status", ctx -> ctx.json(Map.of("feed", feed.get(), "size", store.size())));
    routes.get("/api/fleet", ctx -> ctx.json(fleet(new Query(ctx).rangeMillis())));
    routes.get("/api/hosts", this::hosts);
    routes.get("/api/callers", this::callers);
    routes.get("/api/caller", this::caller);
    routes.get("/api/families", this::families);
    routes.get("/api/search", this::search);
  }

  /** Every open page asks at the same moment, when a window closes: one looks, all are answered. */
  private FleetView fleet(long rangeMillis) {
    FleetStore.Version version = store.version();
    return answers
        .compute(
            rangeMillis,
            (range, last) ->
                last != null
                        && last.version().equals(version)
                        && System.nanoTime() - last.atNanos() < ANSWER_HOLDS.toNanos()
                    ? last
                    : new Answer(version, System.nanoTime(), store.fleet(range)))
        .view();
  }

  private void hosts(Context ctx) {
    var query = new Query(ctx);
    ctx.json(
        store.hosts(
            new HostQuery(
                query.text("q"),
                query.choice("state", HostState.class, null),
                query.text("kernel"),
                query.choice("sort", HostQuery.Sort.class, HostQuery.Sort.BYTES),
                query.number("offset", 0, 0, 10_000_000),
                query.number("limit", 50, 1, HostQuery.MOST))));
  }

  private void callers(Context ctx) {
    var query = new Query(ctx);
    ctx.json(
        store.callers(
            new CallerQuery(
                query.text("q"),
                query.text("family"),
                query.choice("sort", CallerQuery.Sort.class, CallerQuery.Sort.BYTES),
                query.rangeMillis(),
                query.number("offset", 0, 0, 10_000_000),
                query.number("limit", 50, 1, HostQuery.MOST))));
  }

  private void caller(Context ctx) {
    var query = new Query(ctx);
    var name = new CallerName(query.text("function"), query.text("module"));
    ctx.json(
        store
            .caller(name, query.rangeMillis())
            .orElseThrow(
                () ->
                    new NotFoundResponse(
                        "no host has shown the caller %s within a day".formatted(name))));
  }

  private void families(Context ctx) {
    ctx.json(knowledge.families().stream().map(FleetApi::family).toList());
  }

  private static Map<String, String> family(CallerFamily family) {
    return Map.of(
        "slug", family.slug(),
        "label", family.label(),
        "growth", family.growth(),
        "meaning", family.meaning(),
        "growing", family.growing());
  }

  private void search(Context ctx) {
    var query = new Query(ctx);
    String text = query.text("q");
    ctx.json(store.search(text, query.number("limit", 8, 1, 50)));
  }
}

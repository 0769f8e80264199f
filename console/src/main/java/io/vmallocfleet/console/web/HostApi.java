/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.console.map.AddressMap;
import io.vmallocfleet.console.map.HoleReasons;
import io.vmallocfleet.console.map.KernelText;
import io.vmallocfleet.console.store.FleetStore;
import io.vmallocfleet.console.store.HostView;
import io.vmallocfleet.schemas.AddressMode;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.nio.charset.StandardCharsets;

/** One host: its numbers, its address space, its snapshot as text. */
final class HostApi {
  private final FleetStore store;
  private final CallerKnowledge knowledge;
  private final Snapshots snapshots;

  HostApi(FleetStore store, CallerKnowledge knowledge, Snapshots snapshots) {
    this.store = store;
    this.knowledge = knowledge;
    this.snapshots = snapshots;
  }

  void routes(RoutesConfig routes) {
    routes.get("/api/hosts/{id}", ctx -> ctx.json(host(ctx)));
    routes.get("/api/hosts/{id}/map", this::map);
    routes.get("/api/hosts/{id}/hole", this::hole);
    routes.get("/api/hosts/{id}/vmallocinfo", this::text);
  }

  private HostView host(Context ctx) {
    String id = ctx.pathParam("id");
    return store
        .host(id, new Query(ctx).rangeMillis())
        .orElseThrow(
            () ->
                new NotFoundResponse("no host with id %s was heard of within a day".formatted(id)));
  }

  private VmallocSnapshot snapshot(Context ctx) {
    HostView host = host(ctx);
    return snapshots
        .find(host.host().id(), host.host().takenAt(), host.host().clockAheadMillis())
        .orElseThrow(
            () ->
                new NotFoundResponse(
                    "the snapshot is no longer in vmalloc.snapshots: Kafka keeps them for a few days"));
  }

  private void map(Context ctx) {
    VmallocSnapshot snapshot = snapshot(ctx);
    ctx.json(AddressMap.of(snapshot, knowledge, new KernelText(snapshot).bases()));
  }

  private void hole(Context ctx) {
    VmallocSnapshot snapshot = snapshot(ctx);
    if (snapshot.getAddressMode() != AddressMode.REAL) {
      throw new BadRequestResponse("this host shows no addresses, so holes are not known");
    }
    ctx.json(
        HoleReasons.between(
            new KernelText(snapshot).text(), address(ctx, "low"), address(ctx, "high"), knowledge));
  }

  private void text(Context ctx) {
    VmallocSnapshot snapshot = snapshot(ctx);
    ctx.contentType("text/plain; charset=utf-8");
    ctx.result(new KernelText(snapshot).text().getBytes(StandardCharsets.UTF_8));
  }

  static long address(Context ctx, String name) {
    String text = new Query(ctx).text(name);
    String digits = text.startsWith("0x") ? text.substring(2) : text;
    if (!digits.matches("[0-9a-fA-F]{1,16}")) {
      throw new BadRequestResponse(
          "%s is \"%s\": expected an address such as 0xffffc90000004000".formatted(name, text));
    }
    return Long.parseUnsignedLong(digits, 16);
  }
}

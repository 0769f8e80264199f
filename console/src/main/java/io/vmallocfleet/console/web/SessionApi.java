/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.TooManyRequestsResponse;
import io.javalin.http.UnauthorizedResponse;
import io.vmallocfleet.console.ConsoleSettings;
import java.util.Map;

/** Signing in, and what a page must know before anything else. */
final class SessionApi {
  private final ConsoleSettings settings;
  private final Access access;
  private final Budget tries = new Budget(20, 60_000);

  SessionApi(ConsoleSettings settings, Access access) {
    this.settings = settings;
    this.access = access;
  }

  /**
   * @param csrf empty before signing in
   */
  record Session(
      boolean signedIn, boolean needsToken, String user, String csrf, boolean sql, String flink) {}

  void routes(RoutesConfig routes) {
    routes.get("/api/session", ctx -> ctx.json(session(ctx)));
    routes.post("/api/session", this::signIn);
  }

  private Session session(Context ctx) {
    boolean signedIn = access.isSignedIn(ctx);
    return new Session(
        signedIn,
        access.needsToken(),
        access.user(ctx).orElse(""),
        signedIn ? access.csrf() : "",
        settings.sqlGateway().isPresent(),
        signedIn ? settings.flink().map(Object::toString).orElse("") : "");
  }

  private void signIn(Context ctx) {
    if (!tries.take()) {
      throw new TooManyRequestsResponse("too many tries; wait a minute");
    }
    JsonNode body = ctx.bodyAsClass(JsonNode.class);
    if (!access.signIn(ctx, body.path("token").asText(""))) {
      throw new UnauthorizedResponse("that is not the token of this console");
    }
    ctx.json(Map.of("signedIn", true));
  }
}

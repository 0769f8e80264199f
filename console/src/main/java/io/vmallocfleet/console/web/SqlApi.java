/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import io.vmallocfleet.console.sql.SqlQuestions;
import io.vmallocfleet.console.sql.SqlQuestions.SqlFailed;
import java.util.Map;
import java.util.Optional;

/** Questions in SQL, where a gateway is known. */
final class SqlApi {
  private static final int LONGEST = 20_000;

  private final Optional<SqlQuestions> questions;
  private final Access access;

  SqlApi(Optional<SqlQuestions> questions, Access access) {
    this.questions = questions;
    this.access = access;
  }

  void routes(RoutesConfig routes) {
    routes.post("/api/sql", this::ask);
    routes.get("/api/sql/{id}", this::page);
    routes.delete("/api/sql/{id}", this::end);
  }

  private void ask(Context ctx) {
    access.checkChange(ctx); // it changes nothing, but costs a cluster time
    String statement = ctx.bodyAsClass(JsonNode.class).path("statement").asText("");
    if (statement.isBlank() || statement.length() > LONGEST) {
      throw new BadRequestResponse("a statement is needed, up to " + LONGEST + " characters");
    }
    try {
      ctx.json(Map.of("id", gateway().ask(statement)));
    } catch (SqlFailed | IllegalArgumentException e) {
      throw new BadRequestResponse(e.getMessage());
    }
  }

  private void page(Context ctx) {
    try {
      ctx.json(
          gateway()
              .page(ctx.pathParam("id"), new Query(ctx).number("page", 0, 0, Integer.MAX_VALUE)));
    } catch (SqlFailed e) {
      throw new BadRequestResponse(e.getMessage());
    }
  }

  private void end(Context ctx) {
    access.checkChange(ctx);
    gateway().end(ctx.pathParam("id"));
    ctx.json(Map.of("ended", true));
  }

  private SqlQuestions gateway() {
    return questions.orElseThrow(
        () ->
            new NotFoundResponse("no SQL gateway is known: start the console with --sql-gateway"));
  }
}

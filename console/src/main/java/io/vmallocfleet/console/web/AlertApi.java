/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import com.fasterxml.jackson.databind.JsonNode;
import io.javalin.config.RoutesConfig;
import io.javalin.http.BadRequestResponse;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.NotFoundResponse;
import io.vmallocfleet.console.feed.RuleWriter;
import io.vmallocfleet.console.store.AlertQuery;
import io.vmallocfleet.console.store.AlertView;
import io.vmallocfleet.console.store.FleetStore;
import io.vmallocfleet.console.store.HostQuery;
import io.vmallocfleet.schemas.MatchOperator;
import io.vmallocfleet.schemas.Matcher;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Alerts, and what a person tells the alert job: acknowledgements and mutes. */
final class AlertApi {
  private static final int LONGEST_WORD = 200;
  private static final int LONGEST_REASON = 2_000;
  private static final Duration LONGEST_MUTE = Duration.ofDays(90);

  private final FleetStore store;
  private final RuleWriter rules;
  private final Access access;
  private final Clock clock;

  AlertApi(FleetStore store, RuleWriter rules, Access access, Clock clock) {
    this.store = store;
    this.rules = rules;
    this.access = access;
    this.clock = clock;
  }

  void routes(RoutesConfig routes) {
    routes.get("/api/alerts", this::list);
    routes.get("/api/alerts/{fingerprint}", ctx -> ctx.json(alert(ctx)));
    routes.post("/api/alerts/{fingerprint}/ack", this::acknowledge);
    routes.delete("/api/alerts/{fingerprint}/ack", this::withdraw);
    routes.post("/api/mutes", this::mute);
    routes.get("/api/rules", ctx -> ctx.json(store.rules(clock.millis())));
  }

  private void list(Context ctx) {
    var query = new Query(ctx);
    Set<String> states =
        Arrays.stream(query.text("state").split(","))
            .filter(state -> !state.isEmpty())
            .collect(Collectors.toSet());
    ctx.json(
        Map.of(
            "page",
            store.alerts(
                new AlertQuery(
                    states,
                    query.text("kind"),
                    query.text("severity"),
                    query.text("owner"),
                    query.text("host"),
                    query.text("function"),
                    query.text("q"),
                    query.number("offset", 0, 0, 1_000_000),
                    query.number("limit", 50, 1, HostQuery.MOST))),
            "byState",
            store.alertsByState(),
            "choices",
            store.alertChoices()));
  }

  private AlertView alert(Context ctx) {
    String fingerprint = ctx.pathParam("fingerprint");
    return store
        .alert(fingerprint)
        .orElseThrow(
            () -> new NotFoundResponse("no alert %s is known here".formatted(fingerprint)));
  }

  private void acknowledge(Context ctx) {
    access.checkChange(ctx);
    AlertView alert = alert(ctx);
    JsonNode body = body(ctx);
    write(
        rule("ack/" + alert.fingerprint(), RuleKind.ACKNOWLEDGEMENT, ctx, body)
            .setFingerprint(alert.fingerprint())
            .setUntilResolved(body.path("untilResolved").asBoolean(false))
            .build());
    ctx.json(Map.of("ruleId", "ack/" + alert.fingerprint()));
  }

  private void withdraw(Context ctx) {
    access.checkChange(ctx);
    AlertView alert = alert(ctx);
    write(
        rule("ack/" + alert.fingerprint(), RuleKind.ACKNOWLEDGEMENT, ctx, body(ctx))
            .setFingerprint(alert.fingerprint())
            .setActive(false)
            .build());
    ctx.json(Map.of("ruleId", "ack/" + alert.fingerprint()));
  }

  private void mute(Context ctx) {
    access.checkChange(ctx);
    JsonNode body = body(ctx);
    List<Matcher> matchers = new ArrayList<>();
    for (JsonNode matcher : body.path("matchers")) {
      String label = word(matcher, "label");
      if (!label.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw new BadRequestResponse("\"%s\" is no name of a label".formatted(label));
      }
      String value = matcher.path("value").asText("");
      if (value.length() > LONGEST_WORD) {
        throw new BadRequestResponse("a value is longer than " + LONGEST_WORD + " characters");
      }
      matchers.add(new Matcher(label, MatchOperator.EQUAL, value));
    }
    if (matchers.isEmpty()) {
      throw new BadRequestResponse("a mute without a matcher would mute every alert");
    }
    long minutes = body.path("forMinutes").asLong(0);
    if (minutes < 1 || minutes > LONGEST_MUTE.toMinutes()) {
      throw new BadRequestResponse(
          "forMinutes is %s: expected 1 to %d, which is 90 days"
              .formatted(body.path("forMinutes"), LONGEST_MUTE.toMinutes()));
    }
    Instant now = clock.instant();
    String ruleId = "mute/" + now.toEpochMilli() + "-" + Long.toHexString(System.nanoTime());
    write(
        rule(ruleId, RuleKind.MUTE, ctx, body)
            .setMatchers(matchers)
            .setUntil(
                now.plus(Duration.ofMinutes(minutes))
                    .truncatedTo(java.time.temporal.ChronoUnit.MILLIS))
            .build());
    ctx.json(Map.of("ruleId", ruleId));
  }

  private Rule.Builder rule(String id, RuleKind kind, Context ctx, JsonNode body) {
    String why = body.path("why").asText("").strip();
    if (why.isEmpty() || why.length() > LONGEST_REASON) {
      throw new BadRequestResponse(
          "why is needed: who looks at this later wants to know, up to %d characters"
              .formatted(LONGEST_REASON));
    }
    return Rule.newBuilder()
        .setRuleId(id)
        .setKind(kind)
        .setAt(clock.instant().truncatedTo(java.time.temporal.ChronoUnit.MILLIS))
        .setBy(access.user(ctx).orElseGet(() -> word(body, "by")))
        .setWhy(why);
  }

  private static JsonNode body(Context ctx) {
    try {
      return ctx.bodyAsClass(JsonNode.class);
    } catch (HttpResponseException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new BadRequestResponse("the body is no JSON: " + e.getMessage());
    }
  }

  private static String word(JsonNode body, String name) {
    String value = body.path(name).asText("").strip();
    if (value.isEmpty() || value.length() > LONGEST_WORD) {
      throw new BadRequestResponse(
          "%s is needed, up to %d characters".formatted(name, LONGEST_WORD));
    }
    return value;
  }

  private void write(Rule rule) {
    try {
      rules.write(rule);
    } catch (RuleWriter.RuleNotWritten e) {
      throw new HttpResponseException(503, "nothing was changed: " + e.getMessage());
    }
  }
}

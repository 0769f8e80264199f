/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.delivery;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vmallocfleet.schemas.Acknowledgement;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.MatchOperator;
import io.vmallocfleet.schemas.Matcher;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.SingleObject;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.annotation.Nullable;

/**
 * One Alertmanager, by its API v2.
 *
 * <p>An alert that fires is sent with an end that lies an expiry ahead and moves with every
 * telling, as Prometheus does it: should nobody speak of it any more, it ends by itself. Mutes and
 * acknowledgements become silences, kept alive in the same way and found again by a mark in their
 * comment; so whoever looks at Alertmanager sees who muted what, and why.
 */
final class Alertmanager implements Destination {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final URI base;
  private final HttpJson http;
  private final Duration expiry;
  private final Annotations annotations;
  private final Clock clock;
  private final SingleObject<Alert> alerts = new SingleObject<>(Alert.class);
  private final SingleObject<Rule> rules = new SingleObject<>(Rule.class);

  Alertmanager(URI base, HttpJson http, DeliverySettings settings, Clock clock) {
    this.base = base;
    this.http = http;
    this.expiry = settings.expiry();
    this.annotations = new Annotations(settings);
    this.clock = clock;
  }

  @Override
  public String name() {
    return "alertmanager " + base;
  }

  @Override
  public boolean wants(Notice notice) {
    return true;
  }

  /** Silences first: what is muted from now on must not be told before. */
  @Override
  public CompletableFuture<Void> tell(List<Notice> notices) {
    Instant now = clock.instant();
    ArrayNode shown = JSON.arrayNode();
    Map<String, Silence> wanted = new LinkedHashMap<>();
    for (Notice notice : notices) {
      switch (notice.about()) {
        case ALERT -> {
          Alert alert = notice.alert(alerts);
          shown.add(alert(alert, now));
          if (alert.getState() == AlertState.ACKNOWLEDGED) {
            Silence silence = Silence.of(alert, now.plus(expiry));
            wanted.put(silence.mark(), silence);
          }
        }
        case ACKNOWLEDGEMENT_ENDED -> {
          String mark = Silence.mark("ack/" + notice.alert(alerts).getFingerprint());
          wanted.put(mark, Silence.ended(mark));
        }
        case MUTE -> {
          Silence silence = Silence.of(notice.rule(rules), now.plus(expiry));
          wanted.put(silence.mark(), silence);
        }
        case MUTE_ENDED -> {
          String mark = Silence.mark(notice.rule(rules).getRuleId());
          wanted.put(mark, Silence.ended(mark));
        }
      }
    }
    CompletableFuture<Void> silenced =
        wanted.isEmpty() ? CompletableFuture.completedFuture(null) : silence(wanted, now);
    return shown.isEmpty()
        ? silenced
        : silenced.thenCompose(
            done -> http.post(path("/api/v2/alerts"), shown).thenAccept(answer -> {}));
  }

  private ObjectNode alert(Alert alert, Instant now) {
    Instant fired =
        alert.getFiringSince() == null ? alert.getPendingSince() : alert.getFiringSince();
    // A clock of a host may be ahead of this one, and Alertmanager refuses an end before a start.
    Instant starts = earlier(fired, now);
    Instant ends =
        alert.getState() == AlertState.RESOLVED
            ? later(earlier(alert.getResolvedAt(), now), starts)
            : now.plus(expiry);
    ObjectNode json = JSON.objectNode();
    alert.getLabels().forEach(json.putObject("labels")::put);
    annotations.of(alert).forEach(json.putObject("annotations")::put);
    json.put("startsAt", starts.toString());
    json.put("endsAt", ends.toString());
    String link = annotations.link(alert);
    if (!link.isEmpty()) {
      json.put("generatorURL", link);
    }
    return json;
  }

  /** Brings the silences of these marks to what is wanted; others are none of our business. */
  private CompletableFuture<Void> silence(Map<String, Silence> wanted, Instant now) {
    return http.get(path("/api/v2/silences"))
        .thenCompose(
            known -> {
              List<CompletableFuture<?>> changes = new ArrayList<>();
              wanted.forEach(
                  (mark, silence) -> {
                    List<JsonNode> there = withMark(known, mark);
                    if (silence.isEnded()) {
                      there.forEach(
                          s ->
                              changes.add(
                                  http.delete(path("/api/v2/silence/" + s.path("id").asText()))));
                    } else if (there.stream().noneMatch(s -> silence.isKeptBy(s, now))) {
                      String id = there.isEmpty() ? null : there.get(0).path("id").asText();
                      changes.add(http.post(path("/api/v2/silences"), silence.json(id, now)));
                    }
                  });
              return CompletableFuture.allOf(changes.toArray(CompletableFuture<?>[]::new));
            });
  }

  private static List<JsonNode> withMark(JsonNode silences, String mark) {
    var found = new ArrayList<JsonNode>();
    for (JsonNode silence : silences) {
      boolean expired = silence.path("status").path("state").asText().equals("expired");
      if (!expired && silence.path("comment").asText().endsWith(mark)) {
        found.add(silence);
      }
    }
    return found;
  }

  private URI path(String path) {
    return URI.create(base + path);
  }

  private static Instant earlier(Instant a, Instant b) {
    return a.isBefore(b) ? a : b;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  /**
   * A silence as it should be.
   *
   * @param until null when it should not be there any more
   */
  private record Silence(
      String mark, List<Matcher> matchers, String by, String why, @Nullable Instant until) {

    /** What a silence's comment ends with, so that it is found again. */
    static String mark(String ruleId) {
      return "(vmalloc-fleet " + ruleId + ")";
    }

    static Silence ended(String mark) {
      return new Silence(mark, List.of(), "", "", null);
    }

    static Silence of(Alert acknowledged, Instant lease) {
      Acknowledgement who = acknowledged.getAcknowledgement();
      return new Silence(
          mark("ack/" + acknowledged.getFingerprint()),
          List.of(new Matcher("fingerprint", MatchOperator.EQUAL, acknowledged.getFingerprint())),
          who.getBy(),
          "acknowledged: " + who.getWhy(),
          lease);
    }

    static Silence of(Rule mute, Instant lease) {
      Instant until = mute.getUntil() == null ? lease : earlier(mute.getUntil(), lease);
      return new Silence(
          mark(mute.getRuleId()), mute.getMatchers(), mute.getBy(), mute.getWhy(), until);
    }

    boolean isEnded() {
      return until == null;
    }

    /** Whether one that is there lasts for at least half of the time wanted. */
    boolean isKeptBy(JsonNode there, Instant now) {
      Instant ends = Instant.parse(there.path("endsAt").asText());
      Duration wanted = Duration.between(now, until);
      return !ends.isBefore(now.plus(wanted.dividedBy(2)))
          && there.path("comment").asText().equals(comment());
    }

    ObjectNode json(@Nullable String id, Instant now) {
      ObjectNode json = JSON.objectNode();
      if (id != null) {
        json.put("id", id);
      }
      ArrayNode conditions = json.putArray("matchers");
      for (Matcher matcher : matchers) {
        conditions
            .addObject()
            .put("name", matcher.getLabel())
            .put("value", matcher.getValue())
            .put(
                "isRegex",
                matcher.getOperator() == MatchOperator.MATCHES
                    || matcher.getOperator() == MatchOperator.NOT_MATCHES)
            .put(
                "isEqual",
                matcher.getOperator() == MatchOperator.EQUAL
                    || matcher.getOperator() == MatchOperator.MATCHES);
      }
      return json.put("startsAt", now.toString())
          .put("endsAt", until.toString())
          .put("createdBy", by)
          .put("comment", comment());
    }

    private String comment() {
      return why + " " + mark;
    }
  }
}

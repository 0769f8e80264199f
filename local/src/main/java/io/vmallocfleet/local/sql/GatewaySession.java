/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.local.stack.StackException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A session of a SQL gateway, over its REST interface (Flink documentation, "REST Endpoint", v3).
 * Closing it ends what it still runs; jobs of {@code INSERT INTO} go on.
 */
final class GatewaySession implements AutoCloseable {
  private static final Duration FIRST_POLL = Duration.ofMillis(20);
  private static final Duration LONGEST_POLL = Duration.ofMillis(200);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI gateway;
  private String session = "";
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param gateway as {@code http://127.0.0.1:8083}
   * @param settings of the session, as {@code SET} makes them
   * @throws StackException when no gateway answers there
   */
  GatewaySession(URI gateway, Map<String, String> settings) {
    this.gateway = gateway;
    this.session =
        send(post("/v3/sessions", Map.of("properties", settings))).path("sessionHandle").asText();
  }

  /**
   * Runs a statement to its end and hands on what comes.
   *
   * @throws StackException with the cause in one line
   */
  void run(String statement, ResultReceiver receiver) {
    String operation =
        "/v3/sessions/%s/operations/%s"
            .formatted(
                session,
                send(post(
                        "/v3/sessions/" + session + "/statements", Map.of("statement", statement)))
                    .path("operationHandle")
                    .asText());
    try {
      receive(operation + "/result/0?rowFormat=" + receiver.rowFormat(), receiver);
    } finally {
      send(request(operation + "/close").DELETE());
    }
  }

  /** A setting of the session as it is now, empty if there is none. */
  String setting(String key) {
    return send(request("/v3/sessions/" + session).GET()).path("properties").path(key).asText();
  }

  /** Once is enough: Ctrl-C may come while the end is near. */
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      send(request("/v3/sessions/" + session).DELETE());
    }
  }

  private void receive(String firstPage, ResultReceiver receiver) {
    String page = firstPage;
    boolean begun = false;
    Duration pause = FIRST_POLL;
    while (page != null) {
      JsonNode answer = send(request(page).GET());
      if (answer.path("resultType").asText().equals("NOT_READY")) {
        pause = pause(pause);
        continue;
      }
      JsonNode results = answer.path("results");
      if (!begun) {
        receiver.begin(columns(results), answer.path("isQueryResult").asBoolean());
        begun = true;
      }
      JsonNode rows = results.path("data");
      for (JsonNode row : rows) {
        receiver.row(row.path("kind").asText(), fields(row));
      }
      JsonNode next = answer.path("nextResultUri");
      page = next.isTextual() ? next.asText() : null;
      pause = rows.isEmpty() && page != null ? pause(pause) : FIRST_POLL;
    }
    receiver.end();
  }

  private static List<ResultReceiver.Column> columns(JsonNode results) {
    List<ResultReceiver.Column> columns = new ArrayList<>();
    for (JsonNode column : results.path("columns")) {
      columns.add(
          new ResultReceiver.Column(
              column.path("name").asText(), column.path("logicalType").path("type").asText()));
    }
    return columns;
  }

  private static List<JsonNode> fields(JsonNode row) {
    List<JsonNode> fields = new ArrayList<>();
    row.path("fields").forEach(fields::add);
    return fields;
  }

  private static Duration pause(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while waiting for a result", e);
    }
    Duration longer = pause.multipliedBy(2);
    return longer.compareTo(LONGEST_POLL) > 0 ? LONGEST_POLL : longer;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.resolve(path)).header("Content-Type", "application/json");
  }

  private HttpRequest.Builder post(String path, Map<String, ?> body) {
    try {
      return request(path).POST(BodyPublishers.ofString(JSON.writeValueAsString(body)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of text are JSON", e);
    }
  }

  private JsonNode send(HttpRequest.Builder request) {
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      JsonNode answer = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        List<String> errors = new ArrayList<>();
        answer.path("errors").forEach(error -> errors.add(error.asText()));
        throw new StackException(SqlFault.explain(errors));
      }
      return answer;
    } catch (IOException e) {
      String silence =
          session.isEmpty()
              ? "no SQL gateway answers at %s (%s): is it running?"
              : "the SQL gateway at %s went away (%s), and what it ran with it: ask again once it is back";
      throw new StackException(
          silence.formatted(gateway, e.getMessage() == null ? "nobody listens" : e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StackException("interrupted while waiting for the SQL gateway", e);
    }
  }
}

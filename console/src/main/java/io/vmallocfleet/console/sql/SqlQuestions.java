/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.sql;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.annotation.Nullable;

/**
 * Statements under way at Flink's SQL gateway (Flink documentation, "REST Endpoint", v3). Each has
 * a session of its own that ends with it, so nobody's question sees another's; a question nobody
 * asks after for two minutes is ended.
 */
public final class SqlQuestions implements AutoCloseable {
  private static final int MOST = 4;
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);
  private static final Pattern PAGE = Pattern.compile("/result/(\\d+)");

  private final URI gateway;
  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, Question> questions = new ConcurrentHashMap<>();

  private static final class Question {
    final String session;
    final String operation;
    volatile long askedAtNanos = System.nanoTime();

    Question(String session, String operation) {
      this.session = session;
      this.operation = operation;
    }

    String path() {
      return "/v3/sessions/" + session + "/operations/" + operation;
    }
  }

  /**
   * @param gateway as {@code http://127.0.0.1:8083}
   */
  public SqlQuestions(URI gateway) {
    this.gateway = gateway;
  }

  /** A column of a result: its name and its SQL type. */
  public record Column(String name, String type) {}

  /**
   * Part of a result.
   *
   * @param columns empty until they are known
   * @param next page to ask for, null after the last; the same one when nothing was ready
   */
  public record Part(List<Column> columns, List<List<Object>> rows, @Nullable Integer next) {}

  /**
   * Begins a statement.
   *
   * @return its id
   * @throws IllegalArgumentException if it is not one that only reads
   * @throws SqlFailed if the gateway refuses it, or too many are under way
   */
  public String ask(String statement) throws SqlFailed {
    ReadOnly.check(statement);
    endForgotten();
    if (questions.size() >= MOST) {
      throw new SqlFailed(MOST + " questions are being answered: wait, or cancel one");
    }
    String session =
        send(post("/v3/sessions", Map.of("properties", Map.of("execution.runtime-mode", "batch"))))
            .path("sessionHandle")
            .asText();
    try {
      String operation =
          send(post("/v3/sessions/" + session + "/statements", Map.of("statement", statement)))
              .path("operationHandle")
              .asText();
      String id = UUID.randomUUID().toString();
      questions.put(id, new Question(session, operation));
      return id;
    } catch (SqlFailed e) {
      endSession(session);
      throw e;
    }
  }

  /**
   * @throws SqlFailed with what Flink says against the statement
   */
  public Part page(String id, int page) throws SqlFailed {
    Question question = questions.get(id);
    if (question == null) {
      throw new SqlFailed("this question is over: ask it again");
    }
    question.askedAtNanos = System.nanoTime();
    JsonNode answer = send(request(question.path() + "/result/" + page + "?rowFormat=JSON").GET());
    if (answer.path("resultType").asText().equals("NOT_READY")) {
      return new Part(List.of(), List.of(), page);
    }
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : answer.path("results").path("columns")) {
      columns.add(
          new Column(
              column.path("name").asText(), column.path("logicalType").path("type").asText()));
    }
    List<List<Object>> rows = new ArrayList<>();
    for (JsonNode row : answer.path("results").path("data")) {
      List<Object> fields = new ArrayList<>();
      row.path("fields").forEach(field -> fields.add(field.isNull() ? null : field));
      rows.add(fields);
    }
    Matcher next = PAGE.matcher(answer.path("nextResultUri").asText(""));
    return new Part(columns, rows, next.find() ? Integer.valueOf(next.group(1)) : null);
  }

  /** Cancels it if it still runs; nothing happens if it is over. */
  public void end(String id) {
    Question question = questions.remove(id);
    if (question != null) {
      endSession(question.session);
    }
  }

  @Override
  public void close() {
    List.copyOf(questions.keySet()).forEach(this::end);
  }

  private void endForgotten() {
    for (Iterator<Map.Entry<String, Question>> all = questions.entrySet().iterator();
        all.hasNext(); ) {
      Question question = all.next().getValue();
      if (System.nanoTime() - question.askedAtNanos > FORGOTTEN_AFTER.toNanos()) {
        all.remove();
        endSession(question.session);
      }
    }
  }

  /** Ends what runs in it too. */
  private void endSession(String session) {
    try {
      send(request("/v3/sessions/" + session).DELETE());
    } catch (SqlFailed e) {
      // The gateway ends sessions by itself when nobody asks.
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.resolve(path))
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json");
  }

  private HttpRequest.Builder post(String path, Map<String, ?> body) {
    return request(path).POST(BodyPublishers.ofString(json.valueToTree(body).toString()));
  }

  private JsonNode send(HttpRequest.Builder request) throws SqlFailed {
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      JsonNode answer = json.readTree(response.body());
      if (response.statusCode() != 200) {
        throw new SqlFailed(cause(answer));
      }
      return answer;
    } catch (IOException e) {
      throw new SqlFailed("the SQL gateway at " + gateway + " does not answer");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SqlFailed("the console is stopping");
    }
  }

  /** The gateway sends a stack trace; its innermost cause is what the person did. */
  private static String cause(JsonNode answer) {
    StringBuilder all = new StringBuilder();
    answer.path("errors").forEach(error -> all.append(error.asText()).append('\n'));
    String last = "the SQL gateway refused it";
    String deepest = null;
    for (String line : all.toString().lines().toList()) {
      String text = line.strip();
      if (text.startsWith("Caused by: ")) {
        deepest = text.substring("Caused by: ".length());
      } else if (deepest == null && !text.isEmpty() && !text.startsWith("at ")) {
        last = text;
      }
    }
    String message = deepest == null ? last : deepest;
    return message.replaceFirst("^(?:[a-z][\\w$]*\\.)+[A-Z][\\w$]*(?:Exception|Error)?: ", "");
  }

  /** Why a statement was not answered; the message is for a person. */
  public static final class SqlFailed extends Exception {
    SqlFailed(String message) {
      super(message);
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A dashboard as Grafana is given it, and what it asks of Prometheus.
 *
 * @param file its name in {@code deploy/grafana/dashboards}
 */
record Dashboard(String file, JsonNode json) {
  static final Path GRAFANA = Path.of("grafana");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of queries for the choices of a variable, the one form used here. */
  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), (\\w+)\\)");

  /** What Grafana chooses itself for a short range: four times the interval between scrapes. */
  private static final String RATE_INTERVAL = "1m";

  /**
   * A question to Prometheus.
   *
   * @param where which panel asks, for a person
   */
  record Query(String where, String expression) {}

  /**
   * A variable whose choices are the values of a label.
   *
   * @param series the selector of the series that have it
   */
  record Choice(String variable, String series, String label) {}

  static List<Dashboard> all() throws IOException {
    List<Dashboard> dashboards = new ArrayList<>();
    try (Stream<Path> files = Files.list(GRAFANA.resolve("dashboards"))) {
      for (Path file : files.sorted().toList()) {
        dashboards.add(
            new Dashboard(file.getFileName().toString(), JSON.readTree(Files.readString(file))));
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return dashboards;
  }

  String uid() {
    return json.path("uid").asText();
  }

  List<JsonNode> panels() {
    return elements(json.path("panels"));
  }

  List<JsonNode> variables() {
    return elements(json.at("/templating/list"));
  }

  List<Choice> choices() {
    return variables().stream()
        .filter(variable -> variable.path("type").asText().equals("query"))
        .map(Dashboard::choice)
        .toList();
  }

  private static Choice choice(JsonNode variable) {
    Matcher asked = LABEL_VALUES.matcher(variable.at("/query/query").asText());
    if (!asked.matches()) {
      throw new AssertionError("not label_values(SERIES, LABEL): " + variable.path("query"));
    }
    return new Choice(variable.path("name").asText(), asked.group(1), asked.group(2));
  }

  /**
   * What all panels ask when these choices are made.
   *
   * @param chosen values by name of the variable
   */
  List<Query> queries(Map<String, String> chosen) {
    List<Query> queries = new ArrayList<>();
    for (JsonNode panel : panels()) {
      for (JsonNode target : panel.path("targets")) {
        String expression = target.path("expr").asText().replace("$__rate_interval", RATE_INTERVAL);
        for (Map.Entry<String, String> choice : chosen.entrySet()) {
          expression = expression.replace("$" + choice.getKey(), choice.getValue());
        }
        queries.add(
            new Query(
                "%s: %s, %s"
                    .formatted(file, panel.path("title").asText(), target.path("refId").asText()),
                expression));
      }
    }
    return queries;
  }

  private static List<JsonNode> elements(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}

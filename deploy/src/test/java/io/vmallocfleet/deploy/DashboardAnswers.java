/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks a running Prometheus what Grafana would ask: every variable for its choices, then every
 * panel with the first of them.
 */
final class DashboardAnswers {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String prometheus;

  /**
   * @param prometheus its address
   */
  DashboardAnswers(String prometheus) {
    this.prometheus = prometheus;
  }

  /** Waits until no query is without a number. */
  void areThere() throws IOException {
    List<Dashboard.Query> open = new ArrayList<>();
    for (Dashboard dashboard : Dashboard.all()) {
      Map<String, String> chosen = new HashMap<>();
      for (Dashboard.Choice choice : dashboard.choices()) {
        Eventually.is("a value of " + choice, () -> !values(choice).isEmpty());
        chosen.put(choice.variable(), values(choice).get(0).asText());
      }
      open.addAll(dashboard.queries(chosen));
    }
    assertThat(open).isNotEmpty();

    Eventually.isWithin(
        Eventually.PATIENCE,
        () -> {
          open.removeIf(this::hasNumber);
          return open.isEmpty();
        });
    assertThat(open).as("queries that nothing answers").isEmpty();
  }

  private JsonNode values(Dashboard.Choice choice) {
    return ask("label/" + choice.label() + "/values?match[]=", choice.series());
  }

  /** Grafana would draw nothing for a series of NaN, such as 0 / 0. */
  private boolean hasNumber(Dashboard.Query query) {
    for (JsonNode series : ask("query?query=", query.expression()).path("result")) {
      if (Double.isFinite(series.path("value").path(1).asDouble(Double.NaN))) {
        return true;
      }
    }
    return false;
  }

  private JsonNode ask(String question, String expression) {
    String url =
        (prometheus + "/api/v1/" + question).replace("[]", "%5B%5D")
            + URLEncoder.encode(expression, StandardCharsets.UTF_8);
    try {
      return JSON.readTree(Http.get(url)).path("data");
    } catch (IOException e) {
      throw new AssertionError(expression, e);
    }
  }
}

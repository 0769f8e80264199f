/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Grafana itself cannot run here. What it is given can be held to the rest: what it is wired to,
 * and by a real Prometheus whether it understands each question. Whether there is an answer is for
 * a stack to show: {@link DashboardAnswers}.
 */
class DashboardsTest {
  private static final int COLUMNS = 24;

  /** Grafana's names of units, those used here; one that it does not know it would just append. */
  private static final Set<String> UNITS =
      Set.of("short", "none", "s", "ms", "bytes", "percentunit", "cps", "cpm");

  private static final Pattern LINKED = Pattern.compile("/d/([\\w-]+)");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @TempDir private Path directory;

  static List<Dashboard> dashboards() throws IOException {
    return Dashboard.all();
  }

  @Test
  void each_has_a_name_and_an_address_of_its_own() throws IOException {
    List<Dashboard> all = Dashboard.all();

    assertThat(all.stream().map(Dashboard::uid)).doesNotHaveDuplicates().doesNotContain("");
    assertThat(all.stream().map(d -> d.json().path("title").asText()))
        .containsExactlyInAnyOrder("Fleet overview", "Callers", "Host", "Pipeline health");
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void each_panel_says_what_it_shows_in_which_unit(Dashboard dashboard) {
    assertThat(dashboard.panels()).isNotEmpty();
    assertThat(dashboard.panels().stream().map(panel -> panel.path("id").asInt()))
        .doesNotHaveDuplicates()
        .doesNotContain(0);
    for (JsonNode panel : dashboard.panels()) {
      String title = panel.path("title").asText();
      assertThat(title).isNotBlank();
      assertThat(panel.path("description").asText()).as(title).isNotBlank();
      if (!panel.path("type").asText().equals("text")) {
        assertThat(panel.at("/fieldConfig/defaults/unit").asText()).as(title).isIn(UNITS);
        assertThat(panel.path("targets")).as(title).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void panels_lie_beside_each_other(Dashboard dashboard) {
    Set<List<Integer>> taken = new HashSet<>();
    for (JsonNode panel : dashboard.panels()) {
      JsonNode at = panel.path("gridPos");
      assertThat(at.path("x").asInt() + at.path("w").asInt()).isBetween(1, COLUMNS);
      for (int x = 0; x < at.path("w").asInt(); x++) {
        for (int y = 0; y < at.path("h").asInt(); y++) {
          List<Integer> cell = List.of(at.path("x").asInt() + x, at.path("y").asInt() + y);
          assertThat(taken.add(cell)).as("%s at %s", panel.path("title"), cell).isTrue();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void everything_is_asked_of_the_source_that_is_provisioned(Dashboard dashboard)
      throws IOException {
    JsonNode source =
        YAML.readTree(
                Dashboard.GRAFANA.resolve("provisioning/datasources/prometheus.yaml").toFile())
            .at("/datasources/0");
    JsonNode variable = variable(dashboard, "datasource");

    assertThat(variable.path("query")).isEqualTo(source.path("type"));
    assertThat(variable.at("/current/value")).isEqualTo(source.path("uid"));
    assertThat(dashboard.json().findValues("datasource"))
        .filteredOn(JsonNode::isObject)
        .isNotEmpty()
        .allSatisfy(
            asked -> {
              assertThat(asked.path("type")).isEqualTo(source.path("type"));
              assertThat(asked.path("uid").asText()).isEqualTo("${datasource}");
            });
  }

  @Test
  void what_grafana_reads_is_where_the_compose_file_puts_it() throws IOException {
    JsonNode services = YAML.readTree(Path.of("../docker-compose.yml").toFile()).path("services");
    JsonNode grafana = services.path("grafana");
    Path provisioning = Dashboard.GRAFANA.resolve("provisioning");

    assertThat(
            YAML.readTree(provisioning.resolve("datasources/prometheus.yaml").toFile())
                .at("/datasources/0/url")
                .asText())
        .isEqualTo("http://prometheus:9090");
    assertThat(services.has("prometheus")).isTrue();
    String path =
        YAML.readTree(provisioning.resolve("dashboards/fleet.yaml").toFile())
            .at("/providers/0/options/path")
            .asText();
    assertThat(grafana.path("volumes"))
        .extracting(JsonNode::asText)
        .containsExactlyInAnyOrder(
            "./deploy/grafana/provisioning:/etc/grafana/provisioning:ro",
            "./deploy/grafana/dashboards:" + path + ":ro");
    Path home =
        Path.of(grafana.at("/environment/GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH").asText());
    assertThat(home.getParent()).hasToString(path);
    assertThat(Dashboard.GRAFANA.resolve("dashboards").resolve(home.getFileName())).exists();
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void links_lead_to_dashboards_that_are_there(Dashboard dashboard) throws IOException {
    Set<String> linked =
        LINKED
            .matcher(dashboard.json().toString())
            .results()
            .map(found -> found.group(1))
            .collect(Collectors.toSet());

    assertThat(linked)
        .isEqualTo(
            Dashboard.all().stream()
                .map(Dashboard::uid)
                .filter(uid -> !uid.equals(dashboard.uid()))
                .collect(Collectors.toSet()));
  }

  @ParameterizedTest
  @MethodSource("dashboards")
  void a_variable_that_is_used_is_there(Dashboard dashboard) {
    Set<String> used =
        Pattern.compile("\\$\\{?([a-z]\\w*)")
            .matcher(dashboard.json().toString())
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.toSet());

    assertThat(dashboard.variables().stream().map(variable -> variable.path("name").asText()))
        .containsExactlyInAnyOrderElementsOf(used);
  }

  @Test
  void prometheus_understands_each_question() throws Exception {
    List<Dashboard.Query> queries = new ArrayList<>();
    for (Dashboard dashboard : Dashboard.all()) {
      queries.addAll(
          dashboard.queries(
              dashboard.choices().stream()
                  .collect(Collectors.toMap(Dashboard.Choice::variable, choice -> "x"))));
      dashboard
          .choices()
          .forEach(
              choice ->
                  queries.add(
                      new Dashboard.Query(
                          dashboard.file() + ": choices of " + choice.variable(),
                          choice.series())));
    }

    assertThat(checked(queries)).contains("SUCCESS: " + queries.size() + " rules found");
  }

  @Test
  void prometheus_refuses_what_is_none_and_says_where() throws Exception {
    var broken = new Dashboard.Query("fleet.json: Snapshots read, A", "sum(rate(snapshots[1m])");

    assertThat(checked(List.of(broken)))
        .contains("FAILED", "fleet.json: Snapshots read, A", "unclosed left parenthesis");
  }

  @Test
  void prometheus_accepts_its_configuration_and_rules() throws Exception {
    assertThat(promtool("check", "config", "prometheus/prometheus.yml"))
        .contains("SUCCESS: prometheus/prometheus.yml is valid", "rules found")
        .doesNotContain("FAILED");
  }

  private static JsonNode variable(Dashboard dashboard, String name) {
    return dashboard.variables().stream()
        .filter(variable -> variable.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Prometheus checks expressions in rules; as an alert, one may have any name. */
  private String checked(List<Dashboard.Query> queries) throws Exception {
    List<Map<String, String>> rules =
        queries.stream()
            .map(query -> Map.of("alert", query.where(), "expr", query.expression()))
            .toList();
    Path file = directory.resolve("rules.yml");
    YAML.writeValue(
        file.toFile(), Map.of("groups", List.of(Map.of("name", "dashboards", "rules", rules))));
    return promtool("check", "rules", file.toString());
  }

  /** What it says; skips the test where there is none. */
  private static String promtool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(
        Stream.of(System.getenv("PATH").split(":"))
            .map(path -> Path.of(path, "promtool"))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseGet(
                () -> {
                  Assumptions.abort("promtool is not installed: apt-get install prometheus");
                  throw new IllegalStateException("not reached");
                })
            .toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import static io.vmallocfleet.console.Samples.NEW;
import static io.vmallocfleet.console.Samples.caller;
import static io.vmallocfleet.console.Samples.encoded;
import static io.vmallocfleet.console.Samples.firing;
import static io.vmallocfleet.console.Samples.host;
import static io.vmallocfleet.console.Samples.leak;
import static io.vmallocfleet.console.Samples.on;
import static io.vmallocfleet.console.Samples.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConsoleServerTest {
  private static final String MARKUP = "<img src=x onerror=alert(1)>";
  private static final Path SOURCES = Path.of("src/main/resources/io/vmallocfleet/console/web");
  private final TestServer server = new TestServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void the_description_of_the_api_names_every_route_and_no_other() throws Exception {
    JsonNode described = new YAMLMapper().readTree(server.get("/openapi.yaml").body());

    var documented = new TreeSet<String>();
    described
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> documented.add(method.toUpperCase() + " " + path.getKey())));
    var answered = new TreeSet<>(server.server.routes());
    answered.removeIf(route -> !route.contains(" /api/"));
    assertThat(documented).isEqualTo(answered);
  }

  @Test
  void every_file_a_page_names_is_served_and_every_file_is_listed() throws Exception {
    var found = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      files
          .filter(Files::isRegularFile)
          .map(file -> SOURCES.relativize(file).toString())
          .filter(name -> !name.equals("files.list"))
          .forEach(found::add);
    }
    List<String> listed =
        Files.readAllLines(SOURCES.resolve("files.list")).stream()
            .filter(line -> !line.startsWith("#"))
            .toList();
    assertThat(found).containsExactlyInAnyOrderElementsOf(listed);
    Pattern named = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"|from '(/[^']+)'");
    List<String> missing = new ArrayList<>();
    for (String name : found) {
      Matcher reference = named.matcher(Files.readString(SOURCES.resolve(name)));
      while (reference.find()) {
        String path = reference.group(1) == null ? reference.group(2) : reference.group(1);
        if (server.get(path).statusCode() != 200) {
          missing.add(name + " names " + path);
        }
      }
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void a_file_that_is_there_already_is_not_sent_again() {
    var first = server.get("/assets/js/main.js");
    String etag = first.headers().firstValue("ETag").orElseThrow();

    var second = server.get("/assets/js/main.js", "If-None-Match", etag);

    assertThat(second.statusCode()).isEqualTo(304);
    assertThat(second.body()).isEmpty();
  }

  static Stream<String> hostileNames() {
    return Stream.of(
        "rack-1/node-2",
        "/",
        "a%2Fb",
        "..",
        "../..",
        "a b?c#d&e;f",
        "<script>alert(1)</script>",
        "back\\slash",
        "ümlaut",
        "long-".repeat(60));
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void any_name_of_a_host_or_alert_can_be_asked_for(String name) {
    String id = name + "-id";
    server.store.write(
        () -> {
          server.store.add(host(name, 0).build(), encoded(host(name, 0).build()));
          server.store.add(firing(leak(id, name, "f").build()).build());
        });
    String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");

    assertThat(server.json("/api/hosts/" + encoded).path("host").path("hostname").asText())
        .isEqualTo(name);
    assertThat(server.get("/hosts/" + encoded).statusCode()).isEqualTo(200);
    assertThat(server.get("/api/alerts/" + encoded).statusCode()).isEqualTo(200);
    assertThat(server.get("/alerts/" + encoded).statusCode()).isEqualTo(200);
  }

  @Test
  void nothing_but_the_listed_files_can_be_had() {
    for (String path :
        List.of(
            "/assets/../files.list",
            "/assets/files.list",
            "/assets/%2e%2e/files.list",
            "/assets/",
            "/assets/js/../../../../version.txt")) {
      assertThat(server.get(path).statusCode()).as(path).isBetween(400, 404);
    }
  }

  @Test
  void markup_in_names_goes_out_as_json_text_and_never_as_a_page() {
    var window = host(MARKUP, 0, usage(MARKUP, 1 << 20)).setBlind(MARKUP).build();
    window.setLabels(java.util.Map.of(MARKUP, MARKUP));
    server.store.write(
        () -> {
          server.store.add(window, encoded(window));
          server.store.add(caller(MARKUP, 0, NEW, on(MARKUP, 1 << 20)));
          server.store.add(leak("f1", MARKUP, MARKUP).build());
        });

    for (String path :
        List.of("/api/hosts", "/api/search?q=img", "/api/alerts", "/api/callers", "/api/fleet")) {
      var answer = server.get(path);
      assertThat(answer.headers().firstValue("Content-Type").orElse("")).as(path).contains("json");
      assertThat(answer.body()).as(path).contains("onerror");
    }
    assertThat(server.get("/hosts/" + "%3Cimg%3E").body()).doesNotContain("<img>");
    var refused = server.get("/api/hosts?sort=%3Cimg%20src%3Dx%3E");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type").orElse("")).contains("json");
  }

  @Test
  void a_wrong_parameter_is_answered_with_what_was_expected() {
    assertThat(TestServer.parse(server.get("/api/fleet?range=2y")).path("error").asText())
        .isEqualTo("range is \"2y\": expected 5m, 15m, 1h, 6h or 24h");
    assertThat(TestServer.parse(server.get("/api/hosts?limit=9999")).path("error").asText())
        .isEqualTo("limit is \"9999\": expected 1 to 500");
    assertThat(server.get("/api/hosts/nobody").statusCode()).isEqualTo(404);
    assertThat(server.get("/api/hosts?q=" + "x".repeat(2_000)).statusCode()).isEqualTo(400);
  }

  @Test
  void a_path_that_is_no_page_is_not_found_and_still_shows_one() {
    var answer = server.get("/no/such/page");

    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("<title>vmalloc-fleet</title>");
    assertThat(server.get("/api/nothing").statusCode()).isEqualTo(404);
  }

  @Test
  void an_empty_fleet_is_an_answer() {
    assertThat(server.json("/api/fleet").path("window").asLong()).isZero();
    assertThat(server.json("/api/callers").path("total").asInt()).isZero();
    assertThat(server.json("/api/search?q=x").path("hosts").isEmpty()).isTrue();
    assertThat(server.json("/api/pipeline").path("feed").path("phase").asText()).isEqualTo("LIVE");
  }
}

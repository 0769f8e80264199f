/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import static io.vmallocfleet.console.Samples.firing;
import static io.vmallocfleet.console.Samples.leak;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccessTest {
  private static final String ACK = "{\"by\":\"ada\",\"why\":\"looking\"}";

  @Test
  void another_name_for_this_host_is_refused_on_loopback() {
    try (var server = new TestServer()) {
      assertThat(server.get("/api/fleet", "Host", "evil.example").statusCode()).isEqualTo(403);
      assertThat(server.get("/", "Host", "evil.example:80").statusCode()).isEqualTo(403);
      assertThat(server.get("/api/fleet", "Host", "localhost:1234").statusCode()).isEqualTo(200);
      assertThat(server.get("/api/fleet").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void without_the_token_pages_load_and_show_nothing() {
    try (var server = new TestServer("0.0.0.0", TestServer.TOKEN, null)) {
      assertThat(server.get("/").statusCode()).isEqualTo(200);
      for (String route : server.server.routes()) {
        String path = route.substring(4).replaceAll("\\{\\w+}", "x");
        if (route.startsWith("GET /api/") && !path.equals("/api/session")) {
          assertThat(server.get(path).statusCode()).as(route).isEqualTo(401);
        }
      }
      assertThat(server.json("/api/session").path("csrf").asText()).isEmpty();
      assertThat(server.get("/api/fleet", "Authorization", "Bearer wrong-wrong-wrong").statusCode())
          .isEqualTo(401);
      assertThat(
              server.get("/api/fleet", "Authorization", "Bearer " + TestServer.TOKEN).statusCode())
          .isEqualTo(200);
    }
  }

  @Test
  void signing_in_gives_a_cookie_that_scripts_and_other_sites_cannot_use() {
    try (var server = new TestServer("0.0.0.0", TestServer.TOKEN, null)) {
      assertThat(server.post("/api/session", "{\"token\":\"wrong\"}").statusCode()).isEqualTo(401);

      var signedIn = server.post("/api/session", "{\"token\":\"" + TestServer.TOKEN + "\"}");

      assertThat(signedIn.statusCode()).isEqualTo(200);
      String cookie = signedIn.headers().firstValue("Set-Cookie").orElseThrow();
      assertThat(cookie).contains("HttpOnly").contains("SameSite=Strict");
      assertThat(cookie).doesNotContain(TestServer.TOKEN);
      String pair = cookie.substring(0, cookie.indexOf(';'));
      assertThat(server.get("/api/fleet", "Cookie", pair).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void guessing_is_slowed_down() {
    try (var server = new TestServer("0.0.0.0", TestServer.TOKEN, null)) {
      int refused = 0;
      for (int i = 0; i < 30; i++) {
        refused += server.post("/api/session", "{\"token\":\"guess\"}").statusCode() == 429 ? 1 : 0;
      }
      assertThat(refused).isGreaterThan(5);
    }
  }

  @Test
  void behind_a_proxy_only_the_proxy_is_answered_and_it_names_people() {
    try (var server = new TestServer("0.0.0.0", null, "127.0.0.1")) {
      assertThat(server.json("/api/session", "X-Forwarded-User", "ada").path("user").asText())
          .isEqualTo("ada");
    }
    try (var server = new TestServer("0.0.0.0", null, "192.0.2.1")) {
      assertThat(server.get("/api/fleet").statusCode()).isEqualTo(403);
      assertThat(server.get("/").statusCode()).isEqualTo(403);
    }
  }

  @Test
  void without_a_proxy_nobody_is_who_a_header_says() {
    try (var server = new TestServer()) {
      assertThat(server.json("/api/session", "X-Forwarded-User", "root").path("user").asText())
          .isEmpty();
    }
  }

  @Test
  void a_change_needs_the_word_of_the_page() {
    try (var server = new TestServer()) {
      server.store.write(
          () -> server.store.add(firing(leak("f1", "a", "htab_map_alloc").build()).build()));
      String path = "/api/alerts/f1/ack";

      assertThat(server.post(path, ACK).statusCode()).isEqualTo(403);
      assertThat(server.post(path, ACK, "X-Console-Csrf", "wrong").statusCode()).isEqualTo(403);
      assertThat(
              server
                  .post(path, ACK, "X-Console-Csrf", server.csrf(), "Sec-Fetch-Site", "cross-site")
                  .statusCode())
          .isEqualTo(403);
      for (String change :
          List.of("POST /api/mutes", "DELETE /api/alerts/f1/ack", "POST /api/sql")) {
        String[] words = change.split(" ");
        var request =
            HttpRequest.newBuilder(server.url(words[1]))
                .method(words[0], HttpRequest.BodyPublishers.ofString(ACK));
        assertThat(server.send(request).statusCode()).as(change).isEqualTo(403);
      }

      // With it, all that is missing is Kafka.
      var done = server.post(path, ACK, "X-Console-Csrf", server.csrf());
      assertThat(done.statusCode()).isEqualTo(503);
      assertThat(done.body()).contains("nothing was changed");
    }
  }

  @Test
  void every_answer_carries_the_headers_that_keep_a_page_closed() {
    try (var server = new TestServer()) {
      for (String path : List.of("/", "/hosts/x", "/api/fleet", "/nowhere", "/assets/js/main.js")) {
        var headers = server.get(path).headers();
        String policy = headers.firstValue("Content-Security-Policy").orElse("");
        assertThat(policy).as(path).contains("default-src 'none'").doesNotContain("unsafe");
        assertThat(headers.firstValue("X-Content-Type-Options")).as(path).contains("nosniff");
        assertThat(headers.firstValue("Server")).as(path).isEmpty();
      }
    }
  }
}

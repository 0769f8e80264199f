/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.console.Console;
import io.vmallocfleet.console.ConsoleSettings;
import io.vmallocfleet.console.feed.KafkaConnection;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.sql.HostWindows;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.SingleObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The console on a Kafka whose authorizer lets it read, and for one user also write rules. */
@Timeout(240)
class ReadOnlyConsoleIT {
  static {
    SingleObject.trustOwnClasses();
  }

  private static final Instant END = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private static final Cohort COHORT = new Cohort("6.18.1", "#1 SMP", "x86_64");
  private static final String FINGERPRINT = "0123456789abcdef0123456789abcdef";

  @TempDir Path directory;
  private AuthorizedKafka kafka;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void startKafka() throws Exception {
    kafka = AuthorizedKafka.start(directory);
    KafkaAccess administrator = kafka.administrator();
    try (var topics = new TopicAdmin(administrator)) {
      topics.createMissing(TopicAdmin.wanted(2, (short) 1));
    }
    try (Admin admin = Admin.create(administrator.client(Map.of()))) {
      admin
          .createAcls(Arrays.stream(FleetUser.values()).flatMap(FleetUser::bindings).toList())
          .all()
          .get();
    }
    write(FleetTopic.HOST_WINDOWS, new SingleObject<>(HostWindow.class).encode(window()));
    write(FleetTopic.FINDINGS, new SingleObject<>(Finding.class).encode(leak()));
  }

  @AfterEach
  void stopKafka() {
    kafka.close();
  }

  @Test
  void a_user_who_may_only_read_sees_everything_and_is_told_what_acknowledging_needs()
      throws Exception {
    try (Console console = console(FleetUser.READER)) {
      awaitHost(console);

      JsonNode alert = json(console, "/api/alerts/" + FINGERPRINT);
      assertThat(alert.toString()).contains("htab_map_alloc on web-1 keeps growing.");
      JsonNode pipeline = json(console, "/api/pipeline").path("pipeline");
      assertThat(pipeline.path("trouble").asText()).isEmpty();
      assertThat(pipeline.path("topics").findValuesAsText("missing")).containsOnly("false");

      HttpResponse<String> answer = acknowledge(console);
      assertThat(answer.statusCode()).isGreaterThanOrEqualTo(400);
      assertThat(answer.body()).contains("the console's Kafka user may not write to vmalloc.rules");
    }
  }

  @Test
  void a_user_who_may_write_rules_can_acknowledge() throws Exception {
    try (Console console = console(FleetUser.OPERATOR)) {
      awaitHost(console);

      assertThat(acknowledge(console).body()).contains("ack/" + FINGERPRINT);
    }
  }

  private Console console(FleetUser user) {
    KafkaAccess access = kafka.as(user);
    return Console.start(
        new ConsoleSettings(
            new KafkaConnection(access.bootstrap(), access.properties()),
            "127.0.0.1",
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        Clock.systemUTC());
  }

  /** Each look asks the server: nothing is slept through. */
  private void awaitHost(Console console) throws Exception {
    while (json(console, "/api/hosts").path("rows").isEmpty()
        || json(console, "/api/alerts").path("page").path("rows").isEmpty()
        || json(console, "/api/pipeline").path("pipeline").path("topics").isEmpty()) {
      assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }
  }

  private HttpResponse<String> acknowledge(Console console) throws Exception {
    String word = json(console, "/api/session").path("csrf").asText();
    return http.send(
        request(console, "/api/alerts/" + FINGERPRINT + "/ack")
            .header("X-Console-Csrf", word)
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString("{\"by\": \"ann\", \"why\": \"rolling back\"}"))
            .build(),
        BodyHandlers.ofString());
  }

  private JsonNode json(Console console, String path) throws Exception {
    return new ObjectMapper()
        .readTree(http.send(request(console, path).build(), BodyHandlers.ofString()).body());
  }

  private static HttpRequest.Builder request(Console console, String path) {
    return HttpRequest.newBuilder(URI.create(console.url() + path));
  }

  private void write(FleetTopic topic, byte[] value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            kafka.administrator().client(Map.of()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  topic.topicName(), "id-web-1".getBytes(StandardCharsets.UTF_8), value))
          .get();
    }
  }

  private static HostWindow window() {
    return HostWindows.ending("web-1", END).setCohort(COHORT).build();
  }

  private static Finding leak() {
    return Finding.newBuilder()
        .setFingerprint(FINGERPRINT)
        .setKind(FindingKind.LEAK)
        .setHostId("id-web-1")
        .setHostname("web-1")
        .setBootId("boot-1")
        .setFunction("htab_map_alloc")
        .setModule("")
        .setCohort(COHORT)
        .setWindowStart(END.minusSeconds(60))
        .setWindowEnd(END)
        .setSince(END.minusSeconds(600))
        .setSentence("htab_map_alloc on web-1 keeps growing.")
        .setEvidence(new Evidence(1L << 28, 1L << 20, 7e9, 5.0, List.of(1L, 2L), 60_000L))
        .build();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The secure variant of the compose file: with the rights they have, all parts do their work. */
@Timeout(900)
class SecureComposeCT {
  private static final Path SECURE = Path.of("secure").toAbsolutePath();
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Compose compose;

  @BeforeAll
  static void start() throws Exception {
    assumeThat(Compose.isHere()).as("a Docker engine with Compose").isTrue();
    Process secrets = new ProcessBuilder(SECURE.resolve("make-secrets").toString()).start();
    assertThat(secrets.waitFor()).isZero();
    compose =
        new Compose(
            "vmalloc-fleet-secure-test",
            "docker-compose.yml",
            "deploy/secure/compose.yaml",
            "deploy/trial/compose.yaml");
    compose.up();
  }

  @AfterAll
  static void stop() {
    if (compose != null) {
      compose.close();
    }
  }

  @Test
  void the_agent_may_write_the_jobs_may_work_and_a_reader_may_look() throws Exception {
    String window = read("fleet-reader", "tail", "host-windows", "--from-beginning", "-n", "1");
    assertThat(window).contains(" areas of ");
    assertThat(read("fleet-reader", "topics")).contains("vmalloc.host-windows ");

    // Each job has read, written and made a checkpoint without being refused anything.
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      String path = "/jobs/" + job.path("jid").asText();
      Eventually.is(
          "a checkpoint of " + job.path("name").asText(),
          () -> get(path + "/checkpoints").at("/counts/completed").asInt() > 0);
      assertThat(get(path + "/exceptions").at("/exceptionHistory/entries")).isEmpty();
    }
  }

  private static JsonNode get(String path) {
    try {
      return JSON.readTree(Http.get(compose.url("FLINK_PORT") + path));
    } catch (IOException e) {
      throw new AssertionError(path, e);
    }
  }

  /** What a command of ours prints to that user, in the network of the stack. */
  private static String read(String user, String... command) {
    String file = "/run/secrets/" + user + ".properties";
    var words =
        new ArrayList<>(
            List.of(
                "run",
                "--rm",
                "-T",
                "--no-deps",
                "-v",
                SECURE.resolve("secrets/" + user + ".properties") + ":" + file + ":ro",
                "topics"));
    words.addAll(List.of(command));
    words.addAll(List.of("--bootstrap", "kafka:9092", "--kafka-config", file));
    return compose.run(words.toArray(String[]::new));
  }
}

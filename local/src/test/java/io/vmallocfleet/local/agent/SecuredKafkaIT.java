/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent and a real broker with TLS, passwords and certificates. */
class SecuredKafkaIT {
  @TempDir Path directory;
  private Path spool;
  private Path log;

  @BeforeEach
  void paths() {
    spool = directory.resolve("spool");
    log = directory.resolve("agent.log");
  }

  @Test
  void a_wrong_password_is_said_and_costs_nothing_and_the_right_one_delivers_all()
      throws Exception {
    try (var kafka = SecuredKafka.withPasswords(directory)) {
      kafka.createTopic();
      List<String> options = kafka.agentOptions();
      Path secret = directory.resolve("sasl.jaas.config");
      Files.writeString(secret, SecuredKafka.login("wrong-password"));
      long taken;
      try (var agent = start(kafka, options)) {
        agent.awaitHealth("broker-away: it does not know this user, or not with this password");
        agent.awaitWaiting(10);
        taken = agent.taken();
        assertThat(agent.terminate()).isZero();
      }
      assertThat(kafka.snapshots()).isZero();

      Files.writeString(secret, SecuredKafka.login(SecuredKafka.PASSWORD));
      try (var agent = start(kafka, options)) {
        agent.awaitAcknowledged(taken + 3);
        agent.awaitHealth("ok");
        assertThat(agent.terminate()).isZero();
      }
      assertThat(kafka.snapshots()).isGreaterThanOrEqualTo(taken + 3);
    }
    assertThat(Files.readString(log))
        .contains("does not take snapshots", "INFO stopped")
        .doesNotContain(SecuredKafka.PASSWORD, "wrong-password", "keystore-secret");
  }

  @Test
  void a_certificate_of_its_own_is_enough_and_a_broker_it_does_not_trust_gets_nothing()
      throws Exception {
    try (var kafka = SecuredKafka.withCertificates(directory)) {
      kafka.createTopic();
      try (var agent = start(kafka, List.of("--kafka=security.protocol=SSL"))) {
        agent.awaitHealth("broker-away: ");
        agent.awaitHealth("unable to find valid certification path");
        assertThat(agent.terminate()).isZero();
      }
      assertThat(kafka.snapshots()).isZero();

      try (var agent = start(kafka, kafka.agentOptions())) {
        agent.awaitAcknowledged(3);
        assertThat(agent.terminate()).isZero();
      }
      assertThat(kafka.snapshots()).isGreaterThanOrEqualTo(3);
    }
    assertThat(Files.readString(log)).doesNotContain("keystore-secret");
  }

  private AgentProcess start(SecuredKafka kafka, List<String> options) throws Exception {
    return AgentProcess.start(
        List.of(),
        Redirect.appendTo(log.toFile()),
        kafka.bootstrap(),
        spool,
        options.toArray(String[]::new));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vmallocfleet.agent.check.CheckResult;
import io.vmallocfleet.agent.publish.BrokerChecks;
import io.vmallocfleet.agent.publish.KafkaRefusal;
import io.vmallocfleet.local.access.CertificateAuthority;
import io.vmallocfleet.local.access.FleetUser;
import io.vmallocfleet.local.access.KafkaWithRights;
import io.vmallocfleet.local.access.TlsListener;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What nobody may do, tried on a real broker with TLS, SCRAM and the rights that {@code access
 * --create} gives; and how it is told.
 */
class RefusalsIT {
  private static final String VALID = "-validity 2";
  private static final String EXPIRED = "-startdate -3d -validity 1";

  @TempDir static Path directory;
  private static CertificateAuthority authority;
  private static KafkaWithRights kafka;

  private final StringWriter said = new StringWriter();

  @BeforeAll
  static void a_broker_set_up_by_our_own_commands() throws Exception {
    authority = CertificateAuthority.in(directory.resolve("authority"));
    kafka = KafkaWithRights.start(directory.resolve("broker"), authority, VALID);
    var out = new StringWriter();
    String administrator = kafka.administrator().toString();
    String passwords = kafka.passwords().toString();
    String[][] commands = {
      {"access", "--create", "--passwords", passwords}, {"topics", "--create"},
    };
    for (String[] command : commands) {
      assertThat(run(out, kafka.bootstrap(), administrator, command)).as("%s", out).isZero();
    }
  }

  @AfterAll
  static void close() {
    kafka.close();
  }

  @Test
  void an_agent_may_write_snapshots_and_its_check_says_so() throws Exception {
    Map<String, String> agent = properties(kafka.user(FleetUser.AGENT));

    write(agent, FleetTopic.SNAPSHOTS);

    assertThat(BrokerChecks.run(kafka.bootstrap(), FleetTopic.SNAPSHOTS.topicName(), agent))
        .extracting(CheckResult::toString)
        .last()
        .asString()
        .contains("this user may write");
  }

  @Test
  void an_agent_cannot_read_snapshots() throws Exception {
    Path agent = kafka.user(FleetUser.AGENT);

    assertThat(run(agent, "tail", "snapshots", "--from-beginning")).isOne();

    assertThat(said)
        .hasToString(
            "Kafka at %s: this user may not do that with topic vmalloc.snapshots: vmalloc-fleet access shows who may what\n"
                .formatted(kafka.bootstrap()));
  }

  @Test
  void an_agent_cannot_write_what_the_jobs_are_to_believe() throws Exception {
    Map<String, String> agent = properties(kafka.user(FleetUser.AGENT));

    for (FleetTopic topic : FleetTopic.values()) {
      if (topic != FleetTopic.SNAPSHOTS) {
        assertThatExceptionOfType(ExecutionException.class)
            .as(topic.topicName())
            .isThrownBy(() -> write(agent, topic))
            .withCauseInstanceOf(TopicAuthorizationException.class)
            .extracting(KafkaRefusal::reason)
            .isEqualTo(
                "this user may not do that with topic %s: vmalloc-fleet access shows who may what"
                    .formatted(topic.topicName()));
      }
    }
    assertThat(BrokerChecks.run(kafka.bootstrap(), FleetTopic.ALERTS.topicName(), agent))
        .extracting(CheckResult::toString)
        .last()
        .asString()
        .contains("vmalloc.alerts");
  }

  @Test
  void an_agent_cannot_change_rules_or_mute_alerts() throws Exception {
    Path agent = kafka.user(FleetUser.AGENT);

    int exit = run(agent, "alerts", "mute", "kind=LEAK", "--forever", "--by", "a", "--why", "b");

    assertThat(exit).isOne();
    assertThat(said)
        .hasToString(
            "vmalloc-fleet: vmalloc.rules at %s does not take the rule: this user may not do that with topic vmalloc.rules: vmalloc-fleet access shows who may what\n"
                .formatted(kafka.bootstrap()));
  }

  @Test
  void who_reads_by_sql_cannot_write() throws Exception {
    Path reader = kafka.user(FleetUser.READER);

    int exit =
        run(
            reader,
            "sql",
            "-e",
            "INSERT INTO vmalloc_findings (labels, sentence, window_end)"
                + " VALUES (MAP['rule', 'forged'], 'All is lost.', NOW())");

    assertThat(exit).isOne();
    assertThat(said)
        .hasToString(
            "vmalloc-fleet: Kafka does not let this user do that (Cluster authorization failed): vmalloc-fleet access shows who may what\n");
  }

  /** What lies on the brokers' disks is for whom may describe the cluster. */
  @Test
  void who_only_reads_is_shown_the_topics_without_their_bytes() throws Exception {
    assertThat(run(kafka.user(FleetUser.READER), "topics")).isZero();

    assertThat(said.toString().lines())
        .hasSize(1 + FleetTopic.values().length)
        .contains("vmalloc.rules                    4           0           -");
  }

  @Test
  void without_a_login_or_without_tls_nobody_comes_in() throws Exception {
    Path plain = Files.createFile(directory.resolve("plain.properties"));

    for (Path client : List.of(kafka.stranger(), plain)) {
      said.getBuffer().setLength(0);
      assertThat(run(client, "topics")).isOne();
      assertThat(said)
          .hasToString(
              "vmalloc-fleet: No Kafka broker answers at %s: is it running, is that its address, and does it want TLS or a login (--kafka-config)?\n"
                  .formatted(kafka.bootstrap()));
    }
  }

  @Test
  void a_wrong_password_is_refused() throws Exception {
    Path agent = kafka.user(FleetUser.AGENT, "guessed", authority);

    assertThat(run(agent, "topics")).isOne();

    assertThat(said.toString())
        .startsWith(
            "vmalloc-fleet: Kafka at %s: it does not know this user, or not with this password: see sasl.jaas.config ("
                .formatted(kafka.bootstrap()))
        .doesNotContain("guessed");
  }

  @Test
  void a_broker_of_another_authority_is_not_trusted() throws Exception {
    var other = CertificateAuthority.in(directory.resolve("other"));
    Path agent = kafka.user(FleetUser.AGENT, "any", other);

    assertThat(run(agent, "topics")).isOne();

    assertThat(said.toString())
        .startsWith(
            "vmalloc-fleet: Kafka at %s: its certificate is of no authority in ssl.truststore.location ("
                .formatted(kafka.bootstrap()));
    assertThat(
            BrokerChecks.run(
                kafka.bootstrap(), FleetTopic.SNAPSHOTS.topicName(), properties(agent)))
        .singleElement()
        .asString()
        .contains("its certificate is of no authority in ssl.truststore.location");
  }

  /** A broker does not even start with one, so what stands in its place here is TLS alone. */
  @Test
  void a_certificate_that_has_expired_is_not_trusted() throws Exception {
    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> KafkaWithRights.start(directory.resolve("late"), authority, EXPIRED))
        .withMessageContaining("validity check failed");
    try (var expired = TlsListener.open(authority.issue("expired", EXPIRED))) {
      Path client = kafka.user(FleetUser.AGENT);

      assertThat(run(said, expired.address(), client.toString(), "topics")).isOne();

      assertThat(said.toString())
          .startsWith(
              "vmalloc-fleet: Kafka at %s: its certificate has expired (NotAfter: "
                  .formatted(expired.address()))
          .endsWith("): renew it\n");
    }
  }

  private int run(Path client, String... command) {
    return run(said, kafka.bootstrap(), client.toString(), command);
  }

  private static int run(StringWriter out, String bootstrap, String client, String... command) {
    var args = new ArrayList<>(List.of(command));
    args.addAll(List.of("--bootstrap", bootstrap, "--kafka-config", client));
    var writer = new PrintWriter(out, true);
    return Main.run(writer, writer, args.toArray(String[]::new));
  }

  private static Map<String, String> properties(Path file) throws IOException {
    var properties = new Properties();
    try (Reader text = Files.newBufferedReader(file)) {
      properties.load(text);
    }
    Map<String, String> byName = new HashMap<>();
    properties.stringPropertyNames().forEach(n -> byName.put(n, properties.getProperty(n)));
    return byName;
  }

  /** Idempotently, as the agent does. */
  private static void write(Map<String, String> client, FleetTopic topic) throws Exception {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("bootstrap.servers", kafka.bootstrap());
    properties.put("enable.idempotence", true);
    try (var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic.topicName(), new byte[1], new byte[1])).get();
    }
  }
}

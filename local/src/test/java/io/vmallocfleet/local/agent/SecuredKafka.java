/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.agent;

import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A real broker that speaks TLS only, with keys made by {@code keytool}, and knows its clients by
 * password or by certificate.
 */
final class SecuredKafka implements AutoCloseable {
  static final String PASSWORD = "correct-horse-battery-staple";

  private static final String STORE_PASSWORD = "keystore-secret";
  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\""
          + " password=\"%s\"";

  private final Path directory;
  private final Map<String, String> client;
  private final Broker broker;

  private SecuredKafka(Path directory, Map<String, String> broker, Map<String, String> client) {
    this.directory = directory;
    this.client = client;
    this.broker =
        Broker.start(new BrokerSettings(directory.resolve("kafka"), 0, Map.copyOf(broker)));
  }

  /** SASL_SSL: TLS, and user {@code agent} with {@link #PASSWORD}. */
  static SecuredKafka withPasswords(Path directory) throws IOException, InterruptedException {
    Map<String, String> broker = tls(directory, "SASL_SSL");
    broker.put("sasl.enabled.mechanisms", "PLAIN");
    broker.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    broker.put(
        "listener.name.plaintext.plain.sasl.jaas.config",
        LOGIN.formatted("broker", "b") + " user_broker=\"b\" user_agent=\"" + PASSWORD + "\";");
    Map<String, String> client = new HashMap<>(trust(directory));
    client.put("security.protocol", "SASL_SSL");
    client.put("sasl.mechanism", "PLAIN");
    client.put("sasl.jaas.config", login(PASSWORD));
    return new SecuredKafka(directory, broker, client);
  }

  /** SSL: clients show a certificate of their own. */
  static SecuredKafka withCertificates(Path directory) throws IOException, InterruptedException {
    makeKey(directory, "agent");
    Map<String, String> broker = tls(directory, "SSL");
    broker.put("ssl.client.auth", "required");
    trust(directory).forEach(broker::put);
    Map<String, String> client = new HashMap<>(trust(directory));
    client.put("security.protocol", "SSL");
    client.putAll(key(directory, "agent"));
    return new SecuredKafka(directory, broker, client);
  }

  static String login(String password) {
    return LOGIN.formatted("agent", password) + ";";
  }

  String bootstrap() {
    return broker.bootstrap();
  }

  /** As options of the agent, each secret in a file of its own. */
  List<String> agentOptions() throws IOException {
    List<String> options = new ArrayList<>();
    for (var property : client.entrySet()) {
      String name = property.getKey();
      if (name.endsWith("password") || name.endsWith("jaas.config")) {
        Path secret = Files.writeString(directory.resolve(name), property.getValue() + "\n");
        options.add("--kafka=" + name + ".file=" + secret);
      } else {
        options.add("--kafka=" + name + "=" + property.getValue());
      }
    }
    return options;
  }

  void createTopic() throws Exception {
    try (Admin admin = Admin.create(properties())) {
      String name = FleetTopic.SNAPSHOTS.topicName();
      admin.createTopics(List.of(new NewTopic(name, Optional.of(1), Optional.empty()))).all().get();
    }
  }

  /** How many snapshots the topic holds. */
  long snapshots() {
    var partition = new TopicPartition(FleetTopic.SNAPSHOTS.topicName(), 0);
    try (var consumer =
        new KafkaConsumer<>(
            properties(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return consumer.endOffsets(List.of(partition)).get(partition);
    }
  }

  @Override
  public void close() {
    broker.close();
  }

  private Map<String, Object> properties() {
    Map<String, Object> properties = new HashMap<>(client);
    properties.put("bootstrap.servers", broker.bootstrap());
    return properties;
  }

  /** The clients' listener, which keeps its name, with TLS. */
  private static Map<String, String> tls(Path directory, String protocol)
      throws IOException, InterruptedException {
    makeKey(directory, "broker");
    Map<String, String> settings = new HashMap<>(key(directory, "broker"));
    settings.putAll(trust(directory));
    settings.put(
        "listener.security.protocol.map", "PLAINTEXT:" + protocol + ",CONTROLLER:PLAINTEXT");
    return settings;
  }

  private static Map<String, String> key(Path directory, String name) {
    return Map.of(
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.location",
        directory.resolve(name + ".p12").toString(),
        "ssl.keystore.password",
        STORE_PASSWORD,
        "ssl.key.password",
        STORE_PASSWORD);
  }

  /** Everybody here trusts both. */
  private static Map<String, String> trust(Path directory) {
    return Map.of(
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        directory.resolve("trust.p12").toString(),
        "ssl.truststore.password",
        STORE_PASSWORD);
  }

  /** A key with a certificate for 127.0.0.1, which goes among the trusted ones. */
  private static void makeKey(Path directory, String name)
      throws IOException, InterruptedException {
    String certificate = directory.resolve(name + ".crt").toString();
    keytool(
        directory.resolve(name + ".p12"),
        name,
        "-genkeypair -keyalg EC -validity 2 -dname CN=" + name + " -ext SAN=ip:127.0.0.1");
    keytool(directory.resolve(name + ".p12"), name, "-exportcert -file " + certificate);
    keytool(directory.resolve("trust.p12"), name, "-importcert -noprompt -file " + certificate);
  }

  private static void keytool(Path store, String alias, String arguments)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString()));
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(
        List.of(
            "-alias",
            alias,
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            STORE_PASSWORD));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(store.resolveSibling("keytool.log").toFile())
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException(Files.readString(store.resolveSibling("keytool.log")));
    }
  }
}

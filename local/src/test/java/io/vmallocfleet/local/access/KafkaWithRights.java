/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.access;

import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A real broker that takes TLS and SCRAM-SHA-512 only and lets nobody do what no right allows. Its
 * administrator, who has to be there before any user of SCRAM is, logs in by PLAIN.
 */
public final class KafkaWithRights implements AutoCloseable {
  private static final String PLAIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"admin\" password=\"admin-secret\"";

  private final Path directory;
  private final CertificateAuthority authority;
  private final Broker broker;

  private KafkaWithRights(Path directory, CertificateAuthority authority, Broker broker) {
    this.directory = directory;
    this.authority = authority;
    this.broker = broker;
  }

  /**
   * @param directory whose name the broker's certificate has
   * @param validity of the broker's certificate, as keytool takes it
   */
  public static KafkaWithRights start(
      Path directory, CertificateAuthority authority, String validity)
      throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Map<String, String> settings =
        new HashMap<>(authority.issue(directory.getFileName().toString(), validity));
    settings.putAll(authority.trust());
    settings.put("listener.security.protocol.map", "PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT");
    settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512");
    settings.put("sasl.mechanism.inter.broker.protocol", "PLAIN");
    settings.put(
        "listener.name.plaintext.plain.sasl.jaas.config", PLAIN + " user_admin=\"admin-secret\";");
    settings.put(
        "listener.name.plaintext.scram-sha-512.sasl.jaas.config",
        "org.apache.kafka.common.security.scram.ScramLoginModule required;");
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    // Nobody comes in anonymous but the controller, on a listener of its own.
    settings.put("super.users", "User:admin;User:ANONYMOUS");
    var broker = Broker.start(new BrokerSettings(directory.resolve("kafka"), 0, settings));
    return new KafkaWithRights(directory, authority, broker);
  }

  public String bootstrap() {
    return broker.bootstrap();
  }

  public Path administrator() throws IOException {
    return client(
        "admin",
        authority,
        Map.of(
            "security.protocol",
            "SASL_SSL",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            PLAIN + ";"));
  }

  /** A file with a password for each user. */
  public Path passwords() throws IOException {
    Path passwords = Files.createDirectories(directory.resolve("passwords"));
    for (FleetUser user : FleetUser.values()) {
      Files.writeString(passwords.resolve(user.userName() + ".password"), password(user) + "\n");
    }
    return passwords;
  }

  public Path user(FleetUser user) throws IOException {
    return user(user, password(user), authority);
  }

  /** The user who says that is their password, and trusts that authority. */
  public Path user(FleetUser user, String password, CertificateAuthority trusted)
      throws IOException {
    return client(
        user.userName(),
        trusted,
        Map.of(
            "security.protocol",
            "SASL_SSL",
            "sasl.mechanism",
            "SCRAM-SHA-512",
            "sasl.jaas.config",
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(user.userName(), password)));
  }

  /** Somebody who speaks TLS and has no login. */
  public Path stranger() throws IOException {
    return client("stranger", authority, Map.of("security.protocol", "SSL"));
  }

  @Override
  public void close() {
    broker.close();
  }

  private static String password(FleetUser user) {
    return "secret-of-" + user.userName();
  }

  private Path client(String name, CertificateAuthority trusted, Map<String, String> login)
      throws IOException {
    Map<String, String> properties = new TreeMap<>(trusted.trust());
    properties.putAll(login);
    return Files.writeString(
        Files.createTempFile(directory, name, ".properties"),
        properties.entrySet().stream()
            .map(p -> p.getKey() + "=" + p.getValue() + "\n")
            .collect(Collectors.joining()));
  }
}

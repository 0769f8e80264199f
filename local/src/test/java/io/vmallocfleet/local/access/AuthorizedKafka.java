/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.access;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A real broker that asks who is there and allows nothing that nobody gave: every {@link FleetUser}
 * with a password, and an administrator.
 */
final class AuthorizedKafka implements AutoCloseable {
  private static final String ADMINISTRATOR = "administrator";
  private static final String LOGIN =
      "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\""
          + " password=\"secret-of-%1$s\"";

  private final Broker broker;

  private AuthorizedKafka(Broker broker) {
    this.broker = broker;
  }

  static AuthorizedKafka start(Path directory) {
    String users =
        Arrays.stream(FleetUser.values())
            .map(FleetUser::userName)
            .map(name -> " user_%s=\"secret-of-%1$s\"".formatted(name))
            .collect(Collectors.joining());
    return new AuthorizedKafka(
        Broker.start(
            new BrokerSettings(
                directory.resolve("kafka"),
                0,
                Map.of(
                    "listener.security.protocol.map",
                    "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                    "sasl.enabled.mechanisms",
                    "PLAIN",
                    "sasl.mechanism.inter.broker.protocol",
                    "PLAIN",
                    "listener.name.plaintext.plain.sasl.jaas.config",
                    LOGIN.formatted(ADMINISTRATOR)
                        + " user_%s=\"secret-of-%1$s\"".formatted(ADMINISTRATOR)
                        + users
                        + ";",
                    "authorizer.class.name",
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                    // The controller's own listener knows no users.
                    "super.users",
                    "User:" + ADMINISTRATOR + ";User:ANONYMOUS"))));
  }

  KafkaAccess administrator() {
    return as(ADMINISTRATOR);
  }

  KafkaAccess as(FleetUser user) {
    return as(user.userName());
  }

  private KafkaAccess as(String user) {
    return new KafkaAccess(
        broker.bootstrap(),
        Map.of(
            "security.protocol",
            "SASL_PLAINTEXT",
            "sasl.mechanism",
            "PLAIN",
            "sasl.jaas.config",
            LOGIN.formatted(user) + ";"));
  }

  @Override
  public void close() {
    broker.close();
  }
}

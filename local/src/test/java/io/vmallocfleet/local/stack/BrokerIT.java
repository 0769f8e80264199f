/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerIT {
  @TempDir Path data;

  @Test
  void what_is_produced_is_consumed() throws Exception {
    try (var broker = Broker.start(new BrokerSettings(data, 0))) {
      TestTopics.create(broker.bootstrap(), "greetings");

      TestTopics.produce(broker.bootstrap(), "greetings", List.of("hello", "again"));

      assertThat(TestTopics.consume(broker.bootstrap(), "greetings", 2))
          .containsExactly("hello", "again");
      assertThat(broker.failure()).isEmpty();
    }
  }

  @Test
  void a_restart_keeps_records_and_cluster_id_on_another_port() throws Exception {
    String clusterId;
    int port;
    try (var broker = Broker.start(new BrokerSettings(data, 0))) {
      clusterId = broker.clusterId();
      port = port(broker);
      TestTopics.create(broker.bootstrap(), "greetings");
      TestTopics.produce(broker.bootstrap(), "greetings", List.of("hello"));
    }

    try (var taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"));
        var broker = Broker.start(new BrokerSettings(data, 0))) {
      assertThat(port(broker)).isNotEqualTo(taken.getLocalPort());
      assertThat(broker.clusterId()).isEqualTo(clusterId);
      assertThat(TestTopics.consume(broker.bootstrap(), "greetings", 1)).containsExactly("hello");
    }
  }

  @Test
  void a_killed_broker_keeps_records_on_the_same_port_and_on_another() throws Exception {
    int port;
    try (var killed = StackProcess.start(data, 0, false)) {
      port = killed.port();
      TestTopics.create(killed.bootstrap(), "greetings");
      TestTopics.produce(killed.bootstrap(), "greetings", List.of("hello"));
    }

    try (var again = StackProcess.start(data, port, false)) {
      assertThat(again.port()).isEqualTo(port);
      assertThat(TestTopics.consume(again.bootstrap(), "greetings", 1)).containsExactly("hello");
      TestTopics.produce(again.bootstrap(), "greetings", List.of("again"));
    }

    try (var broker = Broker.start(new BrokerSettings(data.resolve("kafka"), 0))) {
      assertThat(TestTopics.consume(broker.bootstrap(), "greetings", 2))
          .containsExactly("hello", "again");
    }
  }

  @Test
  void a_taken_port_is_refused_by_name() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertThatExceptionOfType(StackException.class)
          .isThrownBy(() -> Broker.start(new BrokerSettings(data, taken.getLocalPort())))
          .withMessage(
              "Kafka cannot listen on 127.0.0.1:%d (Address already in use): end the program that holds the port, or give another one"
                  .formatted(taken.getLocalPort()));
    }
  }

  @Test
  void a_fault_at_start_is_an_exception_with_its_cause_and_frees_the_port() throws Exception {
    int port;
    try (var broker = Broker.start(new BrokerSettings(data, 0))) {
      port = port(broker);
    }
    Path quorumState = data.resolve("__cluster_metadata-0").resolve("quorum-state");
    Files.writeString(quorumState, "not json");

    assertThatExceptionOfType(StackException.class)
        .isThrownBy(() -> Broker.start(new BrokerSettings(data, port)))
        .withMessageStartingWith("Kafka did not start: ");
    new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1")).close();
  }

  private static int port(Broker broker) {
    return Integer.parseInt(broker.bootstrap().substring("127.0.0.1:".length()));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.records.TopicTail;
import io.vmallocfleet.local.simulation.Misbehaviour;
import io.vmallocfleet.local.simulation.SimulatedFleet;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The shipped compose file, with the settings of {@code deploy/trial}, on a real Docker engine. */
@Timeout(900)
@TestMethodOrder(OrderAnnotation.class)
class ComposeCT {
  private static final int HOSTS = 200;
  private static final Duration INTERVAL = Duration.ofSeconds(5);
  private static final long WINDOW_MILLIS = 10_000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static Compose compose;
  private static SnapshotPublisher publisher;
  private static SimulatedFleet fleet;

  @BeforeAll
  static void start() {
    assumeThat(Compose.isHere()).as("a Docker engine with Compose").isTrue();
    compose = new Compose("vmalloc-fleet-test", "docker-compose.yml", "deploy/trial/compose.yaml");
    compose.up();
    publisher = new SnapshotPublisher(compose.bootstrap(), Map.of());
    fleet =
        new SimulatedFleet(
            HOSTS, Optional.of(Misbehaviour.LEAK), INTERVAL, Clock.systemUTC(), publisher);
  }

  @AfterAll
  static void stop() {
    if (fleet != null) {
      fleet.close();
      publisher.close();
    }
    if (compose != null) {
      compose.close();
    }
  }

  @Test
  @Order(1)
  void this_host_is_seen_by_the_agent_in_its_container() throws Exception {
    String hostname = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();

    await(
        "a window of " + hostname,
        () ->
            read(FleetTopic.HOST_WINDOWS, HostWindow.class).stream()
                .anyMatch(w -> w.getHostname().equals(hostname) && w.getBytes() > 0));
  }

  @Test
  @Order(2)
  void no_address_of_this_host_is_in_any_topic() throws Exception {
    List<byte[]> addresses = addressesOfThisHost();
    assumeThat(addresses).as("addresses in /proc/vmallocinfo").isNotEmpty();

    List<ConsumerRecord<byte[], byte[]>> records =
        Arrays.stream(FleetTopic.values()).flatMap(topic -> records(topic).stream()).toList();

    assertThat(records).isNotEmpty();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      String value = new String(record.value(), StandardCharsets.ISO_8859_1);
      for (byte[] address : addresses) {
        assertThat(value.contains(new String(address, StandardCharsets.ISO_8859_1)))
            .as("%s offset %d holds %s", record.topic(), record.offset(), Arrays.toString(address))
            .isFalse();
      }
    }
  }

  @Test
  @Order(3)
  void a_leak_of_one_host_reaches_alertmanager() {
    String host = SimulatedFleet.misbehavingHost(HOSTS);

    await(
        "an alert about " + host,
        () -> get(compose.url("ALERTMANAGER_PORT") + "/api/v2/alerts").contains(host));
  }

  @Test
  @Order(4)
  void killed_parts_come_back_and_no_window_is_lost_or_doubled() {
    for (String part : List.of("taskmanager", "jobmanager", "kafka", "agent")) {
      compose.kill(part);
      compose.up();
      awaitWindowsUntil(Instant.now());
    }
    fleet.close();
    publisher.close();

    Set<String> sent =
        read(FleetTopic.SNAPSHOTS, VmallocSnapshot.class).stream()
            .map(s -> identity(s.getHost().getId(), s.getTakenAt().toEpochMilli()))
            .collect(Collectors.toSet());
    List<HostWindow> windows = read(FleetTopic.HOST_WINDOWS, HostWindow.class);
    List<String> counted =
        windows.stream()
            .map(w -> identity(w.getHostId(), w.getWindowStart().toEpochMilli()))
            .toList();
    long last = windows.stream().mapToLong(w -> w.getWindowStart().toEpochMilli()).max().orElse(0);
    // The last one may still be on its way.
    sent.removeIf(identity -> Long.parseLong(identity.split(" ")[1]) >= last);
    assertThat(counted).doesNotHaveDuplicates();
    assertThat(new TreeSet<>(counted)).containsAll(sent);
  }

  private static void awaitWindowsUntil(Instant moment) {
    await(
        "windows after " + moment,
        () ->
            read(FleetTopic.HOST_WINDOWS, HostWindow.class).stream()
                .anyMatch(w -> w.getWindowStart().isAfter(moment)));
  }

  private static String identity(String hostId, long atMillis) {
    return hostId + " " + Math.floorDiv(atMillis, WINDOW_MILLIS) * WINDOW_MILLIS;
  }

  /** Every address of the file, as hex text and as bytes, both ways round. */
  private static List<byte[]> addressesOfThisHost() throws Exception {
    Set<String> hex = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("/proc/vmallocinfo"))) {
      String range = line.split("\\s+")[0];
      hex.addAll(List.of(range.replace("0x", "").split("-")));
    }
    hex.removeIf(h -> h.matches("0+"));
    List<byte[]> addresses = new ArrayList<>();
    for (String address : hex) {
      addresses.add(address.getBytes(StandardCharsets.US_ASCII));
      long value = Long.parseUnsignedLong(address, 16);
      byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(value).array();
      addresses.add(bytes);
      addresses.add(ByteBuffer.allocate(Long.BYTES).putLong(Long.reverseBytes(value)).array());
    }
    return addresses;
  }

  private static <T extends SpecificRecord> List<T> read(FleetTopic topic, Class<T> type) {
    var codec = new SingleObject<>(type);
    List<T> decoded = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(topic)) {
      try {
        decoded.add(codec.decode(record.value()));
      } catch (UnreadableRecordException e) {
        throw new AssertionError(record.topic() + " offset " + record.offset(), e);
      }
    }
    return decoded;
  }

  /** All committed records of a topic so far. */
  private static List<ConsumerRecord<byte[], byte[]>> records(FleetTopic topic) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (var tail =
        new TopicTail(
            KafkaAccess.open(compose.bootstrap()),
            List.of(topic.topicName()),
            TopicTail.From.BEGINNING)) {
      for (List<ConsumerRecord<byte[], byte[]>> more = List.of();
          records.isEmpty() && !tail.isEmpty() || !more.isEmpty(); ) {
        more = tail.poll(Duration.ofSeconds(2));
        records.addAll(more);
      }
    }
    return records;
  }

  private static String get(String url) {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for %s", what).isLessThan(end);
      try {
        Thread.sleep(1000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted", e);
      }
    }
  }
}

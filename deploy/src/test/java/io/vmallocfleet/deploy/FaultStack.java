/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.local.simulation.Misbehaviour;
import io.vmallocfleet.local.simulation.SimulatedFleet;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The stack of the compose file under a load whose outcome is known, for faults to happen to. */
final class FaultStack implements AutoCloseable {
  /** As {@code deploy/trial/compose.yaml} sets it. */
  static final Duration WINDOW = Duration.ofSeconds(10);

  private static final Duration JUMP = Duration.ofHours(1);
  private static final Duration SILENCE = Duration.ofSeconds(2);
  private static final Pattern LEADER = Pattern.compile("LeaderId:\\s+(\\d+)");

  private final Compose compose;
  private final PageReceiver pages;
  private final SnapshotPublisher publisher;
  private final SimulatedFleet fleet;
  private final JumpingHost jumping;
  private Ledger ledger;

  private FaultStack(Compose compose, PageReceiver pages, int hosts, Duration interval) {
    this.compose = compose;
    this.pages = pages;
    publisher = new SnapshotPublisher(compose.bootstrap(), Map.of());
    fleet =
        new SimulatedFleet(
            hosts, Optional.of(Misbehaviour.LEAK), interval, Clock.systemUTC(), publisher);
    jumping = new JumpingHost(interval, publisher);
    ledger = new Ledger(compose.bootstrap(), WINDOW);
  }

  /**
   * Up and healthy, with windows coming.
   *
   * @param files of Compose, beside those that every stack here has
   */
  static FaultStack start(String project, int hosts, Duration interval, String... files)
      throws IOException {
    var pages = new PageReceiver(SimulatedFleet.misbehavingHost(hosts));
    Path alertmanager = Path.of("target", project).toAbsolutePath();
    pages.configure(alertmanager);
    var compose = new Compose(project, files);
    compose.set("ALERTMANAGER_CONFIG", alertmanager.toString());
    try {
      compose.up();
    } catch (AssertionError e) {
      pages.close();
      compose.close();
      throw e;
    }
    return new FaultStack(compose, pages, hosts, interval);
  }

  Compose compose() {
    return compose;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Pages about the one host that leaks, so far. */
  int pages() {
    return pages.pages();
  }

  /** Until a window that begins after that moment can be read. */
  void awaitWindowAfter(Instant moment) {
    Eventually.is(
        "a window that begins after " + moment,
        () -> {
          ledger.look();
          return ledger.newestWindow().isAfter(moment);
        });
  }

  void poison(int records) {
    try (var producer =
        new KafkaProducer<>(
            Map.<String, Object>of("bootstrap.servers", compose.bootstrap()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        byte[] value = ("poison " + i).getBytes(StandardCharsets.US_ASCII);
        producer.send(new ProducerRecord<>(FleetTopic.SNAPSHOTS.topicName(), value));
      }
    }
  }

  void jumpAhead() {
    jumping.jump(JUMP);
  }

  void jumpBack() {
    jumping.jump(Duration.ZERO);
  }

  void rollingRestart(String... services) {
    for (String service : services) {
      compose.run("restart", service);
      compose.heal();
    }
  }

  /**
   * What a network that loses most of its packets is to a connection: silences, again and again.
   */
  void flap(String service, Duration time) {
    Instant end = Instant.now().plus(time);
    while (Instant.now().isBefore(end)) {
      compose.disconnect(service);
      letPass(SILENCE);
      compose.connect(service);
      letPass(SILENCE);
    }
  }

  /** How long a fault lasts is part of the fault. */
  static void letPass(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** What is counted from here on is what lies in the new topic. */
  void recreateTopic() {
    String topic = FleetTopic.SNAPSHOTS.topicName();
    ledger.close();
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", compose.bootstrap()))) {
      admin.deleteTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      throw new AssertionError(topic + " was not deleted", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    compose.run("run", "--rm", "topics");
    ledger = new Ledger(compose.bootstrap(), WINDOW);
  }

  void killController() {
    String said =
        compose.run(
            "exec",
            "-T",
            "kafka",
            "/opt/kafka/bin/kafka-metadata-quorum.sh",
            "--bootstrap-server",
            "kafka:9092",
            "describe",
            "--status");
    Matcher leader = LEADER.matcher(said);
    if (!leader.find()) {
      throw new AssertionError("no leader in " + said);
    }
    compose.kill(leader.group(1).equals("1") ? "kafka" : "kafka" + leader.group(1));
  }

  @Override
  public void close() {
    jumping.close();
    fleet.close();
    publisher.close();
    ledger.close();
    pages.close();
    compose.close();
  }
}

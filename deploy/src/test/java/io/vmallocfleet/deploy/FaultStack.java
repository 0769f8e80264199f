/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.local.simulation.Misbehaviour;
import io.vmallocfleet.local.simulation.SimulatedFleet;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.FleetTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
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
  private static final String AGENT_FIGURES = "http://127.0.0.1:9464/metrics";
  private static final String ALERTS = "/api/v2/alerts?active=true";
  private static final Pattern LEADER = Pattern.compile("LeaderId:\\s+(\\d+)");
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Simulated hosts have no spool: what waits for the broker waits here, as long as it takes. A
   * producer that forgot the brokers that are away would hold up the hosts' readings.
   */
  private static final Map<String, String> PATIENT =
      Map.of(
          "buffer.memory",
          "268435456",
          "delivery.timeout.ms",
          "1200000",
          "metadata.recovery.strategy",
          "none");

  private final Compose compose;
  private final PageReceiver pages;
  private final String leaking;
  private final SnapshotPublisher publisher;
  private final SimulatedFleet fleet;
  private final ScriptedHost jumping;
  private final Map<String, ScriptedHost> goingBlind = new HashMap<>();
  private Ledger ledger;
  private int pagesLookedAt;

  private FaultStack(
      Compose compose, PageReceiver pages, List<String> faults, int hosts, Duration interval) {
    this.compose = compose;
    this.pages = pages;
    leaking = SimulatedFleet.misbehavingHost(hosts);
    publisher = new SnapshotPublisher(compose.bootstrap(), PATIENT);
    fleet =
        new SimulatedFleet(
            hosts, Optional.of(Misbehaviour.LEAK), interval, Clock.systemUTC(), publisher);
    jumping = new ScriptedHost("jumping", interval, publisher);
    for (String fault : faults) {
      goingBlind.put(fault, new ScriptedHost(hostOf(fault), interval, publisher));
    }
    ledger = new Ledger(compose.bootstrap(), WINDOW);
  }

  /**
   * Up and healthy, with windows coming.
   *
   * @param faults that will happen: for each there is a host that can go blind in it
   * @param files of Compose, beside those that every stack here has
   */
  static FaultStack start(
      String project, List<String> faults, int hosts, Duration interval, String... files)
      throws IOException {
    var pages = new PageReceiver();
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
    return new FaultStack(compose, pages, faults, hosts, interval);
  }

  Compose compose() {
    return compose;
  }

  Ledger ledger() {
    return ledger;
  }

  /** Whether anybody has been told of the host that leaks. */
  boolean leakIsPaged() {
    return pages.haveTold(FindingKind.LEAK, leaking);
  }

  /**
   * Notifications, since this was last asked, of what had been told before: of the host that leaks
   * and of those that went blind.
   */
  List<PageReceiver.Page> newRepeats() {
    List<PageReceiver.Page> all = List.copyOf(pages.pages());
    List<PageReceiver.Page> repeats =
        IntStream.range(pagesLookedAt, all.size())
            .filter(i -> isWatched(all.get(i)))
            .filter(i -> all.subList(0, i).stream().anyMatch(all.get(i)::repeats))
            .mapToObj(all::get)
            .toList();
    pagesLookedAt = all.size();
    return repeats;
  }

  private boolean isWatched(PageReceiver.Page page) {
    return page.isAbout(FindingKind.LEAK, leaking)
        || goingBlind.keySet().stream()
            .anyMatch(fault -> page.isAbout(FindingKind.HOST_BLIND, hostOf(fault)));
  }

  /** A trouble that is not known yet begins, on a host of its own for each fault. */
  void goBlind(String fault) {
    goingBlind.get(fault).goBlind();
  }

  boolean blindnessIsTold(String fault) {
    return pages.haveTold(FindingKind.HOST_BLIND, hostOf(fault));
  }

  private static String hostOf(String fault) {
    return "blind-since-" + fault;
  }

  /**
   * The leak's alerts in Alertmanager by their fingerprints, with the moment it was last told of
   * each.
   */
  Map<String, Instant> leakAlerts() {
    try {
      Map<String, Instant> told = new HashMap<>();
      for (JsonNode alert : JSON.readTree(Http.get(compose.url("ALERTMANAGER_PORT") + ALERTS))) {
        JsonNode labels = alert.path("labels");
        if (labels.path("kind").asText().equals("LEAK")
            && labels.path("host").asText().equals(leaking)) {
          told.put(
              alert.path("fingerprint").asText(), Instant.parse(alert.path("updatedAt").asText()));
        }
      }
      return told;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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
    jumping.setClockAhead(JUMP);
  }

  void jumpBack() {
    jumping.setClockAhead(Duration.ZERO);
  }

  /** Kills the agent, which has promised what it has accepted, with so much of it on its disk. */
  void killAgent(int waiting) {
    Eventually.is(waiting + " snapshots wait", () -> agentFigure("spool_snapshots") >= waiting);
    ledger.look();
    ledger.promise(hostname(), agentFigure("snapshots_taken_total"));
    compose.kill("agent");
  }

  /**
   * Kills the SQL gateway under a question that goes on and on, and looks at what its asker is
   * told.
   */
  void killGatewayWhileAsked() {
    compose.run("--profile", "sql", "up", "-d", "--no-build", "--no-deps", "--wait", "sql-gateway");
    try (var question = compose.begin("sql", "--streaming", "-e", "SELECT hostname FROM hosts")) {
      Eventually.is("an answer", () -> question.said().contains("sim-"));
      compose.kill("sql-gateway");
      Eventually.is("the end of the question", question::isOver);
      if (!question.said().contains("the SQL gateway at http://sql-gateway:8083 went away")
          || question.said().contains("\tat ")) {
        throw new AssertionError("who asked was told: " + question.said());
      }
    }
  }

  /** Starts it again, asks it, and does without it from then on. */
  void restartGateway() {
    compose.start("sql-gateway");
    compose.run("--profile", "sql", "up", "-d", "--no-build", "--no-deps", "--wait", "sql-gateway");
    try (var question = compose.begin("sql", "-e", "SELECT COUNT(*) AS hosts FROM hosts")) {
      Eventually.is("the end of the question", question::isOver);
      if (!question.said().contains("1 row")) {
        throw new AssertionError("the gateway that is back says: " + question.said());
      }
    }
    compose.run("--profile", "sql", "rm", "--stop", "--force", "sql-gateway");
  }

  void slowBrokerDown() {
    inBrokersNetwork("tc qdisc add dev eth0 root tbf rate 1mbit burst 16kb latency 400ms");
  }

  void speedBrokerUp() {
    inBrokersNetwork("tc qdisc del dev eth0 root");
  }

  void losePackets() {
    inBrokersNetwork(
        """
        for way in "INPUT -i" "OUTPUT -o"; do
          iptables -A $way eth0 -m statistic --mode random --probability 0.2 -j DROP
        done
        """);
  }

  void losePacketsNoMore() {
    inBrokersNetwork("iptables -F");
  }

  private void inBrokersNetwork(String command) {
    compose.run("run", "--rm", "--no-deps", "-T", "network", command);
  }

  /** Leaves no byte on the broker's disk, and waits until it has noticed. */
  void fillBrokersDisk() {
    compose.shell("disks", "dd if=/dev/zero of=/disks/kafka/full bs=1M");
    Eventually.is(
        "the broker misses room",
        () -> compose.run("logs", "kafka").contains("No space left on device"));
  }

  void freeBrokersDisk() {
    compose.shell("disks", "rm -f /disks/kafka/full");
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

  private int agentFigure(String name) {
    String figures = compose.run("exec", "-T", "agent", "curl", "-fsS", AGENT_FIGURES);
    return figures
        .lines()
        .filter(line -> line.startsWith("vmalloc_agent_" + name + " "))
        .map(line -> (int) Double.parseDouble(line.substring(line.indexOf(' '))))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + figures));
  }

  private static String hostname() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    jumping.close();
    goingBlind.values().forEach(ScriptedHost::close);
    fleet.close();
    publisher.close();
    ledger.close();
    pages.close();
    compose.close();
  }
}

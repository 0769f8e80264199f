/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.sql.HostWindows;
import io.vmallocfleet.schemas.CallerUsage;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Says what analytics would say of a fleet, window by window of a second, beginning now. Its time
 * moves only with {@link #nextWindow}.
 */
final class FleetOfFindings implements AutoCloseable {
  static final Duration WINDOW = Duration.ofSeconds(1);
  private static final int PARTITIONS = 2;

  private final KafkaProducer<byte[], byte[]> producer;
  private final SingleObject<Finding> findings = new SingleObject<>(Finding.class);
  private final SingleObject<HostWindow> windows = new SingleObject<>(HostWindow.class);
  private final SingleObject<Rule> rules = new SingleObject<>(Rule.class);
  private Instant windowStart = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(300);

  FleetOfFindings(String bootstrap) {
    producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "reconnect.backoff.max.ms", 100),
            new ByteArraySerializer(),
            new ByteArraySerializer());
  }

  /** Closes the window: every partition of the caller windows gets a record of it. */
  FleetOfFindings nextWindow() {
    long stamp = windowStart.plus(WINDOW).toEpochMilli() - 1;
    for (int partition = 0; partition < PARTITIONS; partition++) {
      producer.send(
          new ProducerRecord<>(
              FleetTopic.CALLER_WINDOWS.topicName(), partition, stamp, null, new byte[] {1}));
    }
    producer.flush();
    windowStart = windowStart.plus(WINDOW);
    return this;
  }

  FleetOfFindings windows(int count) {
    for (int i = 0; i < count; i++) {
      nextWindow();
    }
    return this;
  }

  static String fingerprint(String host) {
    return "leak-" + host;
  }

  FleetOfFindings leaks(String... hosts) {
    for (String host : hosts) {
      write(leak(host).build());
    }
    producer.flush();
    return this;
  }

  FleetOfFindings over(String host) {
    write(leak(host).setVerdict(Verdict.GONE).setGoneBecause("back at its baseline").build());
    producer.flush();
    return this;
  }

  FleetOfFindings fleetLeaks(boolean still) {
    write(
        leak("x")
            .setFingerprint("fleet-leak")
            .setKind(FindingKind.FLEET_LEAK)
            .setHostId(null)
            .setHostname(null)
            .setHosts(4_000)
            .setVerdict(still ? Verdict.SEEN : Verdict.GONE)
            .setGoneBecause(still ? "" : "no host grows any more")
            .setSentence("htab_map_alloc grows on 4,000 hosts.")
            .build());
    producer.flush();
    return this;
  }

  /** What the last window shows of a host: the memory of one hash map. */
  FleetOfFindings hostHolds(String host, long bytes) {
    Instant end = windowStart;
    HostWindow window =
        HostWindows.ending(host, end)
            .setHostId("id of " + host)
            .setCohort(new Cohort("6.18.1", "#1 SMP", "x86_64"))
            .setBootId("boot 1")
            .setWindowStart(end.minus(WINDOW))
            .setTakenAt(end.minusMillis(500))
            .setBytes(bytes)
            .setMappedBytes(bytes + 4096)
            .setTopCallers(List.of(new CallerUsage("htab_map_alloc", "", 1L, bytes, bytes + 4096)))
            .setCallers(1)
            .build();
    producer.send(
        new ProducerRecord<>(
            FleetTopic.HOST_WINDOWS.topicName(),
            null,
            end.toEpochMilli() - 1,
            window.getHostId().getBytes(StandardCharsets.UTF_8),
            windows.encode(window)));
    producer.flush();
    return this;
  }

  Finding.Builder leak(String host) {
    return Finding.newBuilder()
        .setFingerprint(fingerprint(host))
        .setKind(FindingKind.LEAK)
        .setSeverity(Severity.PAGE)
        .setHostId("id of " + host)
        .setHostname(host)
        .setBootId("boot 1")
        .setFunction("htab_map_alloc")
        .setModule("")
        .setCohort(new Cohort("6.18.1", "#1 SMP", "x86_64"))
        .setLabels(Map.of("region", "eu"))
        .setWindowStart(windowStart)
        .setWindowEnd(windowStart.plus(WINDOW))
        .setSince(windowStart.minusSeconds(60))
        .setSentence("htab_map_alloc on " + host + " keeps growing.")
        .setEvidence(
            new Evidence(
                300L << 20,
                100L << 20,
                7.0 * (1 << 30),
                6.5,
                List.of(100L << 20, 300L << 20),
                1000L));
  }

  void write(Finding finding) {
    producer.send(
        new ProducerRecord<>(
            FleetTopic.FINDINGS.topicName(),
            null,
            finding.getWindowEnd().toEpochMilli() - 1,
            finding.getFingerprint().getBytes(StandardCharsets.UTF_8),
            findings.encode(finding)));
  }

  void write(Rule rule) {
    producer.send(
        new ProducerRecord<>(
            FleetTopic.RULES.topicName(),
            rule.getRuleId().getBytes(StandardCharsets.UTF_8),
            rules.encode(rule)));
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}

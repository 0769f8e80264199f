/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is told once though several detectors see it. */
class TrackAlertsTest {
  private static final Duration BUCKET = Duration.ofHours(4);
  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final Instant BUCKET_END = Instant.EPOCH.plus(BUCKET);

  private KeyedTwoInputStreamOperatorTestHarness<String, Incoming, Fact, Alert> harness;

  @BeforeEach
  void open() throws Exception {
    SingleObject.trustOwnClasses();
    harness =
        new KeyedTwoInputStreamOperatorTestHarness<>(
            new CoBroadcastWithKeyedOperator<>(
                new TrackAlerts(Duration.ofMinutes(1)), List.of(TrackAlerts.FACTS)),
            Incoming::fingerprint,
            null,
            Types.STRING);
    harness.open();
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void a_leak_of_the_whole_fleet_speaks_for_its_hosts_and_for_the_new_name() throws Exception {
    fleetLeak(BUCKET_END);

    // Hosts are judged every minute, the fleet every four hours: most of them come in between.
    Instant later = BUCKET_END.plus(Duration.ofHours(3));
    see(leak("web-1", "#1", later));
    see(leak("web-2", "#2", later));
    see(finding(FindingKind.NEW_CALLER, "new", "#2").setWindowEnd(later).build());

    assertThat(firing()).extracting(Alert::getFoldedInto).containsOnly("fleet").hasSize(3);
    assertThat(firing()).noneMatch(Alert::getTold);
  }

  @Test
  void a_leak_that_pages_is_told_while_that_of_its_fleet_is_work_for_the_day() throws Exception {
    Finding fleet = fleetFinding(BUCKET_END);
    hear(Finding.newBuilder(fleet).setSeverity(Severity.TICKET).build());
    see(leak("web-1", "#1", BUCKET_END));

    assertThat(firing()).singleElement().satisfies(a -> assertThat(a.getTold()).isTrue());

    hear(fleet);
    see(leak("web-2", "#1", BUCKET_END));

    assertThat(firing()).last().satisfies(a -> assertThat(a.getTold()).isFalse());
  }

  @Test
  void a_leak_of_another_caller_speaks_for_itself() throws Exception {
    fleetLeak(BUCKET_END);

    see(Finding.newBuilder(leak("web-1", "#1", BUCKET_END)).setFunction("vmap").build());

    assertThat(firing()).singleElement().satisfies(a -> assertThat(a.getTold()).isTrue());
  }

  @Test
  void a_fleet_leak_that_is_over_or_not_seen_for_long_speaks_for_nobody() throws Exception {
    fleetLeak(BUCKET_END);
    see(leak("web-1", "#1", BUCKET_END.plus(BUCKET.multipliedBy(11))));
    hear(
        Finding.newBuilder(fleetFinding(BUCKET_END.plus(BUCKET)))
            .setVerdict(Verdict.GONE)
            .setGoneBecause("it has not grown for a day")
            .build());
    see(leak("web-2", "#1", BUCKET_END.plus(BUCKET).plus(WINDOW)));

    assertThat(firing()).hasSize(2).allMatch(Alert::getTold);
  }

  private void fleetLeak(Instant windowEnd) throws Exception {
    hear(fleetFinding(windowEnd));
  }

  private static Finding fleetFinding(Instant windowEnd) {
    return finding(FindingKind.FLEET_LEAK, "fleet", "#1")
        .setEveryCohort(true)
        .setWindowStart(windowEnd.minus(BUCKET))
        .setWindowEnd(windowEnd)
        .build();
  }

  private void hear(Finding ofTheFleet) throws Exception {
    List<Fact> facts = new ArrayList<>();
    new FleetFacts().flatMap(ofTheFleet, new ListCollector<>(facts));
    for (Fact fact : facts) {
      harness.processElement2(new StreamRecord<>(fact));
    }
  }

  private void see(Finding finding) throws Exception {
    harness.processElement1(new StreamRecord<>(Incoming.of(finding)));
  }

  private List<Alert> firing() {
    return harness.extractOutputValues().stream()
        .filter(alert -> alert.getState() == AlertState.FIRING)
        .toList();
  }

  private static Finding leak(String host, String build, Instant windowEnd) {
    return finding(FindingKind.LEAK, "leak on " + host, build)
        .setHostId(host)
        .setHostname(host)
        .setWindowStart(windowEnd.minus(WINDOW))
        .setWindowEnd(windowEnd)
        .build();
  }

  private static Finding.Builder finding(FindingKind kind, String fingerprint, String build) {
    return Finding.newBuilder()
        .setKind(kind)
        .setFingerprint(fingerprint)
        .setSeverity(Severity.PAGE)
        .setFunction("acme_alloc")
        .setModule("acme")
        .setCohort(new Cohort("6.18", build, "x86_64"))
        .setWindowStart(Instant.EPOCH)
        .setWindowEnd(BUCKET_END)
        .setSince(Instant.EPOCH)
        .setSentence("It grows.")
        .setEvidence(new Evidence(2L, 1L, null, 9.0, List.of(), 60_000L));
  }
}

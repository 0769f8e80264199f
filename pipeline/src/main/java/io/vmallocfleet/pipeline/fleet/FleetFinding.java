/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.fleet;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.detection.fleet.FleetDetection;
import io.vmallocfleet.detection.fleet.FleetDetection.CallerRenamed;
import io.vmallocfleet.detection.fleet.FleetDetection.FleetLeak;
import io.vmallocfleet.detection.fleet.FleetDetection.NewCaller;
import io.vmallocfleet.detection.fleet.FleetDetection.OutlierHost;
import io.vmallocfleet.detection.fleet.FleetDetection.RolloutRegression;
import io.vmallocfleet.detection.fleet.FleetSettings;
import io.vmallocfleet.detection.fleet.Population;
import io.vmallocfleet.detection.fleet.TopHost;
import io.vmallocfleet.pipeline.anomaly.Fingerprint;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.Cohort;
import io.vmallocfleet.schemas.AffectedHost;
import io.vmallocfleet.schemas.ByteCount;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Verdict;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** A detection over many hosts as the record that is published. */
final class FleetFinding {
  static {
    // As in HostFinding: the builder's defaults need our enums trusted.
    SingleObject.trustOwnClasses();
  }

  /** Growth, or a rise, per host that nobody sleeps through. */
  private static final long PAGE_BYTES = 64L << 20;

  private static final double PAGE_GROWTH = 0.03;
  private static final double PAGE_RISE = 0.25;

  private final FleetSettings settings;
  private final CallerKnowledge knowledge;

  FleetFinding(FleetSettings settings, CallerKnowledge knowledge) {
    this.settings = settings;
    this.knowledge = knowledge;
  }

  /**
   * @param populations of the bucket, for the sizes of cohorts
   */
  Finding of(FleetDetection detection, long bucket, List<Population> populations) {
    Finding.Builder finding =
        common(detection, bucket)
            .setCohort(cohort(detection, populations).toAvro())
            .setHostsInCohort(hosts(detection.cohort(), populations));
    // Not a switch over the sealed type: Java 17 has no patterns there yet.
    if (detection instanceof FleetLeak leak) {
      leak(finding, leak);
    } else if (detection instanceof OutlierHost outlier) {
      outlier(finding, outlier);
    } else if (detection instanceof RolloutRegression regression) {
      regression(finding, regression);
    } else if (detection instanceof CallerRenamed renamed) {
      renamed(finding, renamed);
    } else {
      newCaller(finding, (NewCaller) detection);
    }
    return finding.build();
  }

  private void leak(Finding.Builder finding, FleetLeak leak) {
    boolean page =
        leak.growth() >= PAGE_BYTES
            && leak.growth() >= PAGE_GROWTH * (leak.level() - leak.growth());
    List<Long> series =
        leak.path().stream().map(p -> (long) (leak.level() - leak.growth() + p)).toList();
    finding
        .setKind(FindingKind.FLEET_LEAK)
        .setEveryCohort(leak.cohort().isEmpty())
        .setFingerprint(Fingerprint.of(FindingKind.FLEET_LEAK.name(), leak.caller(), leak.cohort()))
        .setSeverity(page ? Severity.PAGE : Severity.TICKET)
        .setConfidence(confidence(leak.z()))
        .setHosts(Math.max(1, leak.hosts()))
        .setWorstHosts(worst(leak.worst()))
        .setEvidence(
            evidence(
                leak.level(),
                leak.level() - leak.growth(),
                leak.perDay() / settings.day().toMillis() * 3_600_000,
                leak.z(),
                series))
        .setSentence(
            "%s has kept growing on %d hosts since %s, by %s a host so far, %s a day, %s over all of them%s"
                .formatted(
                    leak.caller(),
                    leak.hosts(),
                    start(leak.sinceBucket()),
                    bytes(leak.growth()),
                    bytes(leak.perDay()),
                    bytes(leak.fleetBytes()),
                    leak.onlyHere() ? "; other kernel builds do not grow with it." : "."));
  }

  private void outlier(Finding.Builder finding, OutlierHost outlier) {
    TopHost host = outlier.host();
    finding
        .setKind(FindingKind.OUTLIER_HOST)
        .setFingerprint(
            Fingerprint.of(
                FindingKind.OUTLIER_HOST.name(), outlier.caller(), outlier.cohort(), host.hostId()))
        .setSeverity(Severity.TICKET)
        .setConfidence(confidence(outlier.z()))
        .setHostId(host.hostId())
        .setHostname(host.hostname().isEmpty() ? host.hostId() : host.hostname())
        .setHostsInCohort(outlier.hosts())
        .setWorstHosts(worst(List.of(host)))
        .setEvidence(
            evidence(
                host.bytes(),
                outlier.median(),
                null,
                outlier.z(),
                List.of((long) outlier.median(), host.bytes())))
        .setSentence(
            "%s holds %s on %s; half of the %d hosts of its kernel build that show it hold less than %s."
                .formatted(
                    outlier.caller(),
                    bytes(host.bytes()),
                    host.hostname(),
                    outlier.hosts(),
                    bytes(outlier.median())));
  }

  private void regression(Finding.Builder finding, RolloutRegression regression) {
    double rise = regression.now() - regression.before();
    boolean page = rise >= PAGE_BYTES && rise >= PAGE_RISE * regression.before();
    String what =
        regression.caller().isEmpty() ? "The purpose " + regression.purpose() : regression.caller();
    String formerName =
        regression.formerCaller().isEmpty()
            ? ""
            : ", where it was called " + regression.formerCaller();
    finding
        .setKind(FindingKind.ROLLOUT_REGRESSION)
        .setFingerprint(
            Fingerprint.of(
                FindingKind.ROLLOUT_REGRESSION.name(),
                regression.caller(),
                regression.purpose(),
                regression.cohort(),
                regression.formerCohort()))
        .setSeverity(page ? Severity.PAGE : Severity.TICKET)
        .setConfidence(confidence(regression.z()))
        .setBaselineCohort(Cohort.parse(regression.formerCohort()).toAvro())
        .setHosts(Math.max(1, regression.hosts()))
        .setWorstHosts(worst(regression.worst()))
        .setEvidence(
            evidence(
                regression.now(),
                regression.before(),
                null,
                regression.z(),
                List.of((long) regression.before(), (long) regression.now())))
        .setSentence(
            "%s holds %s a host with kernel %s, on %d hosts that held %s with %s%s."
                .formatted(
                    what,
                    bytes(regression.now()),
                    Cohort.parse(regression.cohort()).kernelRelease(),
                    regression.hosts(),
                    bytes(regression.before()),
                    Cohort.parse(regression.formerCohort()).kernelRelease(),
                    formerName));
    if (regression.caller().isEmpty()) {
      finding.setPurpose(regression.purpose());
    }
  }

  private void renamed(Finding.Builder finding, CallerRenamed renamed) {
    finding
        .setKind(FindingKind.CALLER_RENAMED)
        .setFingerprint(
            Fingerprint.of(
                FindingKind.CALLER_RENAMED.name(),
                renamed.caller(),
                renamed.formerCaller(),
                renamed.cohort(),
                renamed.formerCohort()))
        .setSeverity(Severity.INFO)
        .setConfidence(confidence(renamed.hosts()))
        .setBaselineCohort(Cohort.parse(renamed.formerCohort()).toAvro())
        .setHosts(Math.max(1, renamed.hosts()))
        .setEvidence(
            evidence(
                renamed.now(),
                renamed.before(),
                null,
                0,
                List.of((long) renamed.before(), (long) renamed.now())))
        .setSentence(
            "%s is the new name of %s with kernel %s: %s a host now, %s before, on %d hosts."
                .formatted(
                    renamed.caller(),
                    renamed.formerCaller(),
                    Cohort.parse(renamed.cohort()).kernelRelease(),
                    bytes(renamed.now()),
                    bytes(renamed.before()),
                    renamed.hosts()));
  }

  private void newCaller(Finding.Builder finding, NewCaller caller) {
    boolean large = caller.bytes() >= settings.floorBytes();
    String where = caller.role().isEmpty() ? "the fleet" : "hosts of role " + caller.role();
    finding
        .setKind(FindingKind.NEW_CALLER)
        .setFingerprint(
            Fingerprint.of(FindingKind.NEW_CALLER.name(), caller.caller(), caller.role()))
        .setSeverity(large && !caller.withKernel() ? Severity.TICKET : Severity.INFO)
        .setConfidence(confidence(caller.hosts()))
        .setHosts(Math.max(1, caller.hosts()))
        .setWorstHosts(worst(caller.worst()))
        .setLabels(caller.role().isEmpty() ? Map.of() : Map.of(HostSample.ROLE, caller.role()))
        .setEvidence(evidence(caller.bytes(), 0, null, 0, List.of(0L, (long) caller.bytes())))
        .setSentence(
            "%s is new in %s: %d hosts, %s together%s."
                .formatted(
                    caller.caller(),
                    where,
                    caller.hosts(),
                    bytes(caller.bytes()),
                    caller.withKernel() ? ", all with a new kernel" : ""));
  }

  private Finding.Builder common(FleetDetection detection, long bucket) {
    CallerName caller = CallerName.parse(detection.caller());
    boolean over = !detection.over().isEmpty();
    return Finding.newBuilder()
        .setVerdict(over ? Verdict.GONE : Verdict.SEEN)
        .setGoneBecause(detection.over())
        .setFunction(caller.function())
        .setModule(caller.module())
        .setPurpose(WatchFleet.purpose(knowledge, caller))
        .setWindowStart(start(bucket))
        .setWindowEnd(Instant.ofEpochMilli(settings.endOf(bucket)))
        .setSince(start(detection.sinceBucket()));
  }

  private Evidence evidence(
      double now, double before, Double perHour, double score, List<Long> series) {
    return new Evidence((long) now, (long) before, perHour, score, series, settings.bucketMillis());
  }

  /** Its own, or the largest there is. */
  private static Cohort cohort(FleetDetection detection, List<Population> populations) {
    if (!detection.cohort().isEmpty()) {
      return Cohort.parse(detection.cohort());
    }
    return populations.stream()
        .filter(p -> p.caller().equals(detection.caller()))
        .max(Comparator.comparingLong(Population::hosts).thenComparing(Population::cohort))
        .map(p -> Cohort.parse(p.cohort()))
        .orElse(new Cohort("", "", ""));
  }

  private static long hosts(String cohort, List<Population> populations) {
    return populations.stream()
        .filter(p -> p.caller().isEmpty() && (cohort.isEmpty() || cohort.equals(p.cohort())))
        .mapToLong(Population::hosts)
        .sum();
  }

  private static List<AffectedHost> worst(List<TopHost> hosts) {
    return hosts.stream()
        .map(h -> new AffectedHost(h.hostId(), h.hostname(), h.bytes(), h.growthBytes()))
        .toList();
  }

  /** Orders findings, and is no probability: 0.5 at two standard errors, 0.9 at eighteen. */
  private static double confidence(double z) {
    return Math.max(0, z) / (Math.max(0, z) + 2);
  }

  private Instant start(long bucket) {
    return Instant.ofEpochMilli(bucket * settings.bucketMillis());
  }

  private static ByteCount bytes(double bytes) {
    return new ByteCount((long) bytes);
  }
}

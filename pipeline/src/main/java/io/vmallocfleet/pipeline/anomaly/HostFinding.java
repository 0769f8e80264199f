/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.callers.CallerFamily;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Verdict;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What every finding about one host has in common. */
final class HostFinding {
  static {
    // The builder takes defaults from the schema, and Avro refuses to make our enums of them on a
    // task manager where nothing of ours has been decoded yet.
    SingleObject.trustOwnClasses();
  }

  private static final CallerKnowledge KNOWLEDGE = CallerKnowledge.bundled();

  private HostFinding() {}

  /** A finding about a caller of the host, in the boot it is in. */
  static Finding.Builder about(FindingKind kind, HostUsageInWindow host, CallerName caller) {
    return about(kind, host, host.usage().host().bootId(), caller.toString())
        .setFunction(caller.function())
        .setModule(caller.module())
        .setPurpose(purpose(caller));
  }

  /**
   * A finding about the host itself.
   *
   * @param scope what beside kind and host makes it this trouble and not another
   */
  static Finding.Builder about(FindingKind kind, HostUsageInWindow host, String... scope) {
    return about(
        kind, HostCard.of(host.usage()), host.windowStartMillis(), host.windowEndMillis(), scope);
  }

  /** The same of a host that may not have been heard in the window. */
  static Finding.Builder about(
      FindingKind kind,
      HostCard host,
      long windowStartMillis,
      long windowEndMillis,
      String... scope) {
    List<String> identity = new ArrayList<>(List.of(kind.name(), host.hostId()));
    identity.addAll(List.of(scope));
    return Finding.newBuilder()
        .setFingerprint(Fingerprint.of(identity.toArray(String[]::new)))
        .setKind(kind)
        .setHostId(host.hostId())
        .setHostname(host.hostname())
        .setBootId(host.bootId())
        .setFunction("")
        .setModule("")
        .setCohort(host.cohort().toAvro())
        .setLabels(host.labels())
        .setWindowStart(Instant.ofEpochMilli(windowStartMillis))
        .setWindowEnd(Instant.ofEpochMilli(windowEndMillis));
  }

  /**
   * The word that a finding given before is over.
   *
   * @param why in words for a person, such as "the host rebooted"
   */
  static Finding over(Finding last, long windowStartMillis, long windowEndMillis, String why) {
    return Finding.newBuilder(last)
        .setVerdict(Verdict.GONE)
        .setGoneBecause(why)
        .setExhaustionAt(null)
        .setWindowStart(Instant.ofEpochMilli(windowStartMillis))
        .setWindowEnd(Instant.ofEpochMilli(windowEndMillis))
        .build();
  }

  /** Evidence that is one value against a usual one, without a series. */
  static Evidence evidence(long value, long baseline, double score, HostUsageInWindow host) {
    return evidence(value, baseline, score, host.windowEndMillis() - host.windowStartMillis());
  }

  static Evidence evidence(long value, long baseline, double score, long windowMillis) {
    return new Evidence(value, baseline, null, score, List.of(), windowMillis);
  }

  static Instant second(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
  }

  /** Slug of the caller's family, empty when nobody has described it. */
  static String purpose(CallerName caller) {
    String family = KNOWLEDGE.meaning(caller.function(), caller.module()).family().slug();
    return family.equals(CallerFamily.UNKNOWN) ? "" : family;
  }
}

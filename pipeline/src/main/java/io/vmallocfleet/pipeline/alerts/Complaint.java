/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.AlertState;
import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.Transition;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Something that is wrong with the watching itself, or the watchdog, which is there as long as all
 * is well.
 *
 * @param sinceMillis by the clock on the wall
 */
public record Complaint(Kind kind, long sinceMillis) {
  static final String TEAM = "vmalloc-fleet";

  /** What there is to complain of. */
  public enum Kind {
    WATCHDOG(
        "VmallocWatchdog",
        Severity.INFO,
        "The alert path works: this alert always fires, and whoever misses it should worry."),
    ANALYTICS_STALLED(
        "VmallocAnalyticsStalled",
        Severity.PAGE,
        "fleet-analytics closes no windows: nothing is being watched."),
    FAILED_DECODES(
        "VmallocFailedDecodes",
        Severity.TICKET,
        "Records that nobody can decode arrive; they are kept in vmalloc.dead-letters.");

    private final String alertName;
    private final Severity severity;
    private final String sentence;

    Kind(String alertName, Severity severity, String sentence) {
      this.alertName = alertName;
      this.severity = severity;
      this.sentence = sentence;
    }

    String fingerprint() {
      return "self-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Whether it is the one that says that all is well: for a watcher, not for a list. */
  public static boolean isWatchdog(Alert alert) {
    return alert.getFingerprint().equals(Kind.WATCHDOG.fingerprint());
  }

  /** As an alert; deterministic, so that another job after this one speaks of the same. */
  Alert alert(AlertState state, long nowMillis, String why) {
    SingleObject.trustOwnClasses();
    Instant since = Instant.ofEpochMilli(sinceMillis);
    Instant now = Instant.ofEpochMilli(nowMillis);
    boolean over = state == AlertState.RESOLVED;
    return Alert.newBuilder()
        .setFingerprint(kind.fingerprint())
        .setState(state)
        .setTold(true)
        .setSeverity(kind.severity)
        .setOwner(TEAM)
        .setLabels(
            Map.of(
                "alertname",
                kind.alertName,
                "kind",
                kind.name(),
                "severity",
                kind == Kind.WATCHDOG ? "none" : kind.severity.name().toLowerCase(Locale.ROOT),
                "team",
                TEAM,
                "scope",
                "self",
                "fingerprint",
                kind.fingerprint()))
        .setPendingSince(since)
        .setFiringSince(since)
        .setResolvedAt(over ? now : null)
        .setUpdatedAt(now)
        .setTransitions(
            List.of(
                new Transition(now, over ? AlertState.FIRING : AlertState.UNKNOWN, state, why, "")))
        .setFinding(finding(since, now))
        .build();
  }

  private Finding finding(Instant since, Instant now) {
    return Finding.newBuilder()
        .setFingerprint(kind.fingerprint())
        .setKind(FindingKind.UNKNOWN)
        .setSeverity(kind.severity)
        .setFunction("")
        .setModule("")
        .setCohort(new Cohort("", "", ""))
        .setWindowStart(since)
        .setWindowEnd(now)
        .setSince(since)
        .setSentence(kind.sentence)
        .setHosts(0)
        .setEvidence(new Evidence(0L, 0L, null, 0.0, List.of(), 1L))
        .build();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Lag;
import io.vmallocfleet.detection.LossRate;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import java.time.Instant;

/** Findings about the watching of a host. */
final class CollectorFinding {
  private CollectorFinding() {}

  static Finding blind(HostUsageInWindow host) {
    String reason = host.usage().blindReason();
    return finding(
        HostFinding.about(FindingKind.HOST_BLIND, host),
        host,
        1,
        0,
        reason.isEmpty()
            ? "The agent on %s saw no areas.".formatted(hostname(host))
            : "The agent on %s sees no areas: %s.".formatted(hostname(host), reason));
  }

  static Finding dim(HostUsageInWindow host) {
    return finding(
        HostFinding.about(FindingKind.HOST_BLIND, host, "addresses"),
        host,
        1,
        0,
        "%s no longer shows addresses: callers are still summed, holes and fragmentation cannot be seen; see kernel.kptr_restrict and CAP_SYSLOG."
            .formatted(hostname(host)));
  }

  static Finding skewed(HostUsageInWindow host) {
    HostUsage usage = host.usage();
    return finding(
        HostFinding.about(FindingKind.CLOCK_SKEW, host),
        host,
        usage.clockAheadMillis(),
        0,
        "The clock of %s is %.1f s further ahead than tolerated: its snapshots are counted as taken when they came."
            .formatted(hostname(host), usage.clockAheadMillis() / 1000.0));
  }

  static Finding behind(HostUsageInWindow host, Lag lag) {
    return finding(
        HostFinding.about(FindingKind.CLOCK_SKEW, host, "behind"),
        host,
        lag.lagMillis(),
        0,
        "Snapshots of %s come %.0f s after the time they say they were taken, too late for any window: its clock is behind, or everything it sends waits that long."
            .formatted(hostname(host), lag.lagMillis() / 1000.0));
  }

  static Finding unparsed(HostUsageInWindow host) {
    HostUsage usage = host.usage();
    return finding(
        HostFinding.about(FindingKind.PARSE_FAILURES, host),
        host,
        usage.malformedLines(),
        0,
        "The agent on %s does not understand %d lines of its file, on kernel %s: what they hold is in no sum."
            .formatted(hostname(host), usage.malformedLines(), usage.host().kernelRelease()));
  }

  static Finding lost(HostUsageInWindow host, LossRate loss) {
    return finding(
        HostFinding.about(FindingKind.SNAPSHOTS_LOST, host),
        host,
        loss.lost(),
        0,
        "Snapshots of %s are missing: %d since this began, %.0f %% of late; its agent's spool or the way to the broker is in trouble."
            .formatted(hostname(host), loss.lost(), 100 * loss.share()));
  }

  private static Finding finding(
      Finding.Builder finding, HostUsageInWindow host, long value, long baseline, String sentence) {
    return finding
        .setSeverity(Severity.TICKET)
        .setConfidence(0.95)
        .setSince(Instant.ofEpochMilli(host.windowStartMillis()))
        .setSentence(sentence)
        .setEvidence(HostFinding.evidence(value, baseline, value, host))
        .build();
  }

  private static String hostname(HostUsageInWindow host) {
    return host.usage().host().hostname();
  }
}

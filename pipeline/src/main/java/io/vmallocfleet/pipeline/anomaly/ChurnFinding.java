/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Churn;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import java.time.Instant;

/**
 * Areas of one caller that come and go far more often than they used to; a reboot changes nothing.
 */
final class ChurnFinding {
  private ChurnFinding() {}

  static Finding of(HostUsageInWindow host, CallerName caller, int changes, Churn churn) {
    long windowMillis = host.windowEndMillis() - host.windowStartMillis();
    long since = host.windowEndMillis() - churn.raised() * windowMillis;
    return HostFinding.about(FindingKind.CHURN, host, caller.toString())
        .setFunction(caller.function())
        .setModule(caller.module())
        .setPurpose(HostFinding.purpose(caller))
        .setSeverity(Severity.TICKET)
        .setConfidence(0.8)
        .setSince(Instant.ofEpochMilli(since))
        .setSentence(
            "Areas of %s on %s come and go: %,d changes between two snapshots, usually %,.0f, since %s."
                .formatted(
                    caller,
                    host.usage().host().hostname(),
                    changes,
                    churn.mean(),
                    HostFinding.second(since)))
        .setEvidence(
            HostFinding.evidence(
                changes,
                (long) churn.mean(),
                (changes - churn.mean()) / Math.max(1, churn.deviation()),
                host))
        .build();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Detection;
import io.vmallocfleet.detection.series.SeriesDetector;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.ByteCount;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import java.time.Instant;

/**
 * A jump of one caller on one host as the record that is published. It never pages: one series on
 * its own is no reason to wake anybody.
 */
final class JumpFinding {
  private JumpFinding() {}

  static Finding of(
      HostUsageInWindow host, String bootId, CallerName caller, long bytes, Detection.Jump jump) {
    return HostFinding.about(FindingKind.JUMP, host, bootId, caller.toString())
        .setBootId(bootId)
        .setFunction(caller.function())
        .setModule(caller.module())
        .setPurpose(HostFinding.purpose(caller))
        .setSince(Instant.ofEpochMilli(jump.sinceMillis()))
        .setSeverity(jump.loud() ? Severity.TICKET : Severity.INFO)
        .setConfidence(SeriesDetector.anomalyScore(jump.surprise()))
        .setSentence(
            "%s on %s rose by %s in one step at %s, from %s, and stayed there."
                .formatted(
                    caller,
                    host.usage().host().hostname(),
                    new ByteCount(jump.stepBytes()),
                    HostFinding.second(jump.sinceMillis()),
                    new ByteCount(jump.baselineBytes())))
        .setEvidence(
            new Evidence(
                bytes,
                jump.baselineBytes(),
                null,
                jump.robustZ(),
                jump.series(),
                host.windowEndMillis() - host.windowStartMillis()))
        .build();
  }
}

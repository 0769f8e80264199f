/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Detection;
import io.vmallocfleet.detection.LeakLoudness;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.ByteCount;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import java.time.Instant;

/** A leak of one caller on one host as the record that is published. */
final class LeakFinding {
  private LeakFinding() {}

  static Finding of(
      HostUsageInWindow host,
      CallerName caller,
      long bytes,
      Detection.Leak leak,
      LeakLoudness loudness) {
    Finding.Builder finding =
        HostFinding.about(FindingKind.LEAK, host, caller)
            .setSince(Instant.ofEpochMilli(leak.sinceMillis()))
            .setSeverity(severity(loudness))
            .setConfidence(loudness.confidence())
            .setEvidence(
                new Evidence(
                    bytes,
                    leak.baselineBytes(),
                    leak.bytesPerHour(),
                    leak.score(),
                    leak.series(),
                    leak.stepMillis()));
    String sentence =
        "%s on %s holds %s and has kept growing since %s, by %s so far, %s an hour"
            .formatted(
                caller,
                host.usage().host().hostname(),
                new ByteCount(bytes),
                HostFinding.second(leak.sinceMillis()),
                new ByteCount(leak.growthBytes()),
                new ByteCount((long) leak.bytesPerHour()));
    if (loudness.isExhaustionInSight()) {
      long at = host.windowEndMillis() + loudness.exhaustedInMillis();
      return finding
          .setExhaustionAt(Instant.ofEpochMilli(at))
          .setSentence(
              "%s; at that rate all of the host's %s would be gone by %s."
                  .formatted(
                      sentence,
                      new ByteCount(host.usage().budget().memTotalBytes()),
                      HostFinding.second(at)))
          .build();
    }
    return finding.setSentence(sentence + ".").build();
  }

  private static Severity severity(LeakLoudness loudness) {
    if (loudness.pages()) {
      return Severity.PAGE;
    }
    return loudness.small() ? Severity.INFO : Severity.TICKET;
  }
}

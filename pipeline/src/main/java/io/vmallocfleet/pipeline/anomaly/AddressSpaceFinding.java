/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Headroom;
import io.vmallocfleet.detection.HeadroomSettings;
import io.vmallocfleet.fragmentation.RequestFit;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.ByteCount;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Severity;
import io.vmallocfleet.schemas.snapshot.Region;
import java.time.Duration;
import java.time.Instant;

/** Findings about the address space of a host. */
final class AddressSpaceFinding {
  /** Beyond this a projection is no more than a guess. */
  private static final Duration SIGHT = Duration.ofDays(90);

  private AddressSpaceFinding() {}

  static Finding fragmentation(HostUsageInWindow host, Region region, RequestFit fit) {
    return HostFinding.about(FindingKind.FRAGMENTATION, host, region.name())
        .setRegion(region.name())
        .setSeverity(Severity.TICKET)
        .setConfidence(0.9)
        .setSince(Instant.ofEpochMilli(host.windowStartMillis()))
        .setRequestBytes(fit.requestBytes())
        .setSentence(
            "A request for %,d bytes would fail on %s: %,d bytes of its %s address space are free, but in %,d holes, the largest of %,d."
                .formatted(
                    fit.requestBytes(),
                    host.usage().host().hostname(),
                    fit.freeBytes(),
                    region == Region.MODULES ? "module" : "vmalloc",
                    fit.holes(),
                    fit.largestBytes()))
        .setEvidence(
            HostFinding.evidence(
                fit.largestBytes(),
                fit.freeBytes(),
                (double) fit.requestBytes() / Math.max(1, fit.largestBytes()),
                host))
        .build();
  }

  static Finding headroom(
      HostUsageInWindow host, Limit limit, Headroom headroom, HeadroomSettings settings) {
    double share = (double) limit.usedBytes() / limit.limitBytes();
    long left = headroom.millisLeft(limit.usedBytes(), limit.limitBytes(), settings);
    boolean page = share >= settings.critical() || left <= settings.pageWithin().toMillis();
    String sentence =
        "%s uses %s of %s of %s, %.0f %%"
            .formatted(
                host.usage().host().hostname(),
                new ByteCount(limit.usedBytes()),
                new ByteCount(limit.limitBytes()),
                limit.label(),
                100 * share);
    Finding.Builder finding =
        HostFinding.about(FindingKind.HEADROOM, host, limit.name())
            .setRegion(limit.name().equals("BPF_JIT") ? Region.MODULES.name() : limit.name())
            .setPurpose(limit.name().equals("BPF_JIT") ? Limit.BPF_JIT_FAMILY : "")
            .setSeverity(page ? Severity.PAGE : Severity.TICKET)
            .setConfidence(0.95)
            .setSince(Instant.ofEpochMilli(headroom.sinceMillis()))
            .setSentence(sentence + ".")
            .setEvidence(HostFinding.evidence(limit.usedBytes(), limit.limitBytes(), share, host));
    if (left < SIGHT.toMillis()) {
      Instant at = Instant.ofEpochMilli(host.windowEndMillis() + left);
      finding
          .setExhaustionAt(at)
          .setSentence(
              "%s; at the rate of the last hours it is used up by %s."
                  .formatted(sentence, HostFinding.second(at.toEpochMilli())));
    }
    return finding.build();
  }
}

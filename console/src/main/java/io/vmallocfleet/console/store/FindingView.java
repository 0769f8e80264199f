/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.schemas.Cohort;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * A finding as JSON: times in epoch milliseconds, sizes in bytes, meanings as in {@code
 * Finding.avsc}.
 */
public record FindingView(
    String fingerprint,
    String kind,
    String verdict,
    String goneBecause,
    String severity,
    double confidence,
    @Nullable String hostId,
    @Nullable String hostname,
    String function,
    String module,
    String purpose,
    Kernel kernel,
    @Nullable Kernel baselineKernel,
    Map<String, String> labels,
    String region,
    long windowEnd,
    long since,
    String sentence,
    @Nullable Long exhaustionAt,
    @Nullable Long requestBytes,
    long hosts,
    long hostsInCohort,
    List<Affected> worstHosts,
    Judged evidence) {

  /** A kernel build. */
  public record Kernel(String release, String build, String architecture) {
    static @Nullable Kernel of(@Nullable Cohort cohort) {
      return cohort == null
          ? null
          : new Kernel(
              cohort.getKernelRelease(), cohort.getKernelBuild(), cohort.getArchitecture());
    }
  }

  /** One of the hosts it is about. */
  public record Affected(String hostId, String hostname, long bytes, long growthBytes) {}

  /** The numbers the detector judged. */
  public record Judged(
      long bytes,
      long baselineBytes,
      @Nullable Double bytesPerHour,
      double score,
      List<Long> series,
      long seriesStepMillis) {}

  static FindingView of(Finding finding) {
    Evidence evidence = finding.getEvidence();
    return new FindingView(
        finding.getFingerprint(),
        finding.getKind().name(),
        finding.getVerdict().name(),
        finding.getGoneBecause(),
        finding.getSeverity().name(),
        finding.getConfidence(),
        finding.getHostId(),
        finding.getHostname(),
        finding.getFunction(),
        finding.getModule(),
        finding.getPurpose(),
        Kernel.of(finding.getCohort()),
        Kernel.of(finding.getBaselineCohort()),
        finding.getLabels(),
        finding.getRegion(),
        finding.getWindowEnd().toEpochMilli(),
        finding.getSince().toEpochMilli(),
        finding.getSentence(),
        millis(finding.getExhaustionAt()),
        finding.getRequestBytes(),
        finding.getHosts(),
        finding.getHostsInCohort(),
        finding.getWorstHosts().stream()
            .map(
                host ->
                    new Affected(
                        host.getHostId(),
                        host.getHostname(),
                        host.getBytes(),
                        host.getGrowthBytes()))
            .toList(),
        new Judged(
            evidence.getBytes(),
            evidence.getBaselineBytes(),
            evidence.getBytesPerHour(),
            evidence.getScore(),
            evidence.getSeries(),
            evidence.getSeriesStepMs()));
  }

  static @Nullable Long millis(@Nullable Instant instant) {
    return instant == null ? null : Long.valueOf(instant.toEpochMilli());
  }
}

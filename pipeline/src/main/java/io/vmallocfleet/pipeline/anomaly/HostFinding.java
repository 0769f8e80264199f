/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Detection;
import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.ByteCount;
import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.SingleObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** A detection on one host as the record that is published. */
final class HostFinding {
  static {
    // The builder takes defaults from the schema, and Avro refuses to make our enums of them on a
    // task manager where nothing of ours has been decoded yet.
    SingleObject.trustOwnClasses();
  }

  private HostFinding() {}

  static Finding of(
      HostUsageInWindow host,
      CallerName caller,
      long bytes,
      Detection detection,
      DetectionSettings settings) {
    // Not a switch over the sealed type: Java 17 has no patterns there yet.
    return detection instanceof Detection.Jump jump
        ? jump(host, caller, bytes, jump)
        : leak(host, caller, bytes, (Detection.Leak) detection, settings);
  }

  private static Finding jump(
      HostUsageInWindow host, CallerName caller, long bytes, Detection.Jump jump) {
    String sentence =
        "%s on %s rose by %s in one step at %s, from %s, and stayed there."
            .formatted(
                caller,
                host.usage().host().hostname(),
                new ByteCount(jump.stepBytes()),
                second(jump.sinceMillis()),
                new ByteCount(jump.baselineBytes()));
    var evidence =
        new Evidence(
            bytes,
            jump.baselineBytes(),
            null,
            jump.robustZ(),
            jump.series(),
            host.windowEndMillis() - host.windowStartMillis());
    return finding(FindingKind.JUMP, host, caller, jump, sentence, evidence);
  }

  private static Finding leak(
      HostUsageInWindow host,
      CallerName caller,
      long bytes,
      Detection.Leak leak,
      DetectionSettings settings) {
    String sentence =
        "%s on %s holds %s and has kept growing since %s, by %s so far, %s an hour."
            .formatted(
                caller,
                host.usage().host().hostname(),
                new ByteCount(bytes),
                second(leak.sinceMillis()),
                new ByteCount(leak.growthBytes()),
                new ByteCount((long) leak.bytesPerHour()));
    var evidence =
        new Evidence(
            bytes,
            leak.baselineBytes(),
            leak.bytesPerHour(),
            leak.z(),
            leak.series(),
            settings.growth().bucket().toMillis());
    return finding(FindingKind.LEAK, host, caller, leak, sentence, evidence);
  }

  private static Finding finding(
      FindingKind kind,
      HostUsageInWindow host,
      CallerName caller,
      Detection detection,
      String sentence,
      Evidence evidence) {
    HostUsage usage = host.usage();
    return Finding.newBuilder()
        .setFingerprint(
            Fingerprint.of(kind.name(), usage.hostId(), usage.host().bootId(), caller.toString()))
        .setKind(kind)
        .setHostId(usage.hostId())
        .setHostname(usage.host().hostname())
        .setBootId(usage.host().bootId())
        .setFunction(caller.function())
        .setModule(caller.module())
        .setCohort(usage.cohort().toAvro())
        .setWindowStart(Instant.ofEpochMilli(host.windowStartMillis()))
        .setWindowEnd(Instant.ofEpochMilli(host.windowEndMillis()))
        .setSince(Instant.ofEpochMilli(detection.sinceMillis()))
        .setSentence(sentence)
        .setEvidence(evidence)
        .build();
  }

  private static Instant second(long millis) {
    return Instant.ofEpochMilli(millis).truncatedTo(ChronoUnit.SECONDS);
  }
}

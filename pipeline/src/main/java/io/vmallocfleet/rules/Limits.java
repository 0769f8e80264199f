/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.rules;

import io.vmallocfleet.schemas.Evidence;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Severity;

/**
 * What a finding must show to be told, and how loud it may be.
 *
 * @param enabled whether findings of the kind are told at all
 * @param floorBytes smallest excess of what is held over what was held before, from 0
 * @param minimumHosts fewest hosts a finding about many must affect, from 0; one about a single
 *     host is not asked
 * @param confidence smallest confidence, 0 to 1
 * @param severity the loudest it may be
 */
public record Limits(
    boolean enabled, long floorBytes, long minimumHosts, double confidence, Severity severity) {

  /** Whatever the detectors find. */
  public static final Limits NONE = new Limits(true, 0, 0, 0, Severity.PAGE);

  /** Why a finding is not told; empty when it is. */
  public String refusal(Finding finding) {
    if (!enabled) {
      return "a rule switches these findings off";
    }
    Evidence evidence = finding.getEvidence();
    if (evidence.getBytes() - evidence.getBaselineBytes() < floorBytes) {
      return "a rule asks for at least %d bytes".formatted(floorBytes);
    }
    if (finding.getHostId() == null && finding.getHosts() < minimumHosts) {
      return "a rule asks for at least %d hosts".formatted(minimumHosts);
    }
    return finding.getConfidence() < confidence
        ? "a rule asks for a confidence of %s".formatted(confidence)
        : "";
  }

  /** The severity, or less if that is all that is allowed. */
  public Severity capped(Severity wanted) {
    return wanted.compareTo(severity) > 0 ? severity : wanted;
  }

  Limits withEnabled(boolean newEnabled) {
    return new Limits(newEnabled, floorBytes, minimumHosts, confidence, severity);
  }

  Limits withFloorBytes(long newFloorBytes) {
    return new Limits(enabled, newFloorBytes, minimumHosts, confidence, severity);
  }

  Limits withMinimumHosts(long newMinimumHosts) {
    return new Limits(enabled, floorBytes, newMinimumHosts, confidence, severity);
  }

  Limits withConfidence(double newConfidence) {
    return new Limits(enabled, floorBytes, minimumHosts, newConfidence, severity);
  }

  Limits withSeverity(Severity newSeverity) {
    return new Limits(enabled, floorBytes, minimumHosts, confidence, newSeverity);
  }
}

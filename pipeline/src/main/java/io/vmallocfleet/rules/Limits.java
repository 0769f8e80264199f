/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.rules;

import io.vmallocfleet.schemas.Severity;

/**
 * What a finding must show to be told, and how loud it may be.
 *
 * @param enabled whether findings of the kind are told at all
 * @param floorBytes smallest excess of what is held over what was held before, from 0
 * @param confidence smallest confidence, 0 to 1
 * @param severity the loudest it may be
 */
public record Limits(boolean enabled, long floorBytes, double confidence, Severity severity) {

  /** Whatever the detectors find. */
  public static final Limits NONE = new Limits(true, 0, 0, Severity.PAGE);

  /** Why a finding is not told; empty when it is. */
  public String refusal(long excessBytes, double findingConfidence) {
    if (!enabled) {
      return "a rule switches these findings off";
    }
    if (excessBytes < floorBytes) {
      return "a rule asks for at least %d bytes".formatted(floorBytes);
    }
    return findingConfidence < confidence
        ? "a rule asks for a confidence of %s".formatted(confidence)
        : "";
  }

  /** The severity, or less if that is all that is allowed. */
  public Severity capped(Severity wanted) {
    return wanted.compareTo(severity) > 0 ? severity : wanted;
  }
}

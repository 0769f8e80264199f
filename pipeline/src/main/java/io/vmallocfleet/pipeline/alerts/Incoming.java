/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Rule;

/** What a source makes of one record: exactly one of the three is not null. */
public record Incoming(Finding finding, Rule rule, DeadLetter deadLetter) {
  public static Incoming of(Finding finding) {
    return new Incoming(finding, null, null);
  }

  public static Incoming of(Rule rule) {
    return new Incoming(null, rule, null);
  }

  public static Incoming unusable(DeadLetter letter) {
    return new Incoming(null, null, letter);
  }

  /** Of the alert it is about; only of findings and acknowledgements. */
  public String fingerprint() {
    return finding == null ? rule.getFingerprint() : finding.getFingerprint();
  }
}

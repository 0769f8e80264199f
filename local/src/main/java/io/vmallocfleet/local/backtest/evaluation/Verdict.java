/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

/** What an alert was worth. */
public enum Verdict {
  /** The first alert of a right kind on an incident. */
  TRUE,
  /** A further one on an incident already found. */
  DUPLICATE,
  /** On an incident, but calling it something else. */
  OTHER_KIND,
  /** On something labelled harmless: false. */
  BENIGN,
  /** Where nothing is labelled: false. */
  UNLABELLED;

  boolean isFalse() {
    return this == BENIGN || this == UNLABELLED;
  }
}

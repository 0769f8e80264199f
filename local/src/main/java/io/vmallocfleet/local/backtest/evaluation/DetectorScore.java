/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

/** One line of the table that sets detectors side by side. */
public record DetectorScore(String detector, Tally tally) {
  public static DetectorScore of(String detector, Evaluation evaluation) {
    return new DetectorScore(detector, evaluation.overall());
  }
}

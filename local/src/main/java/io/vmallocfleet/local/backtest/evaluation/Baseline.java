/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.util.List;

/** A detector that costs nothing to write: what a better one must beat. */
public sealed interface Baseline permits FixedThreshold, LeastSquaresGrowth, TrailingMad {
  void observe(Usage usage);

  /** All alerts up to now; those of open episodes are not resolved. */
  List<AlertSpan> alerts();
}

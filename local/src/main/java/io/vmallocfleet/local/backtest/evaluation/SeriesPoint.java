/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Instant;

/** Bytes a caller held at a moment. */
public record SeriesPoint(Instant at, double value) {}

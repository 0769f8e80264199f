/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import java.time.Instant;

/**
 * What a caller held on a host at a moment, as the baselines take it: ascending in time, all
 * callers of a host and moment with the same time, and 0 bytes for a caller that went away.
 */
public record Usage(
    Instant at, String hostId, String hostname, String function, String module, long bytes) {}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.time.Instant;
import java.util.List;

/** A whole benchmark, as {@code --json} writes it. */
record BenchResult(
    Instant at,
    Machine machine,
    Load load,
    Filling.Filled filled,
    int parallelism,
    String stateBackend,
    String heap,
    List<VariantResult> variants) {}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.time.Instant;
import java.util.List;

/**
 * A whole benchmark, as {@code --json} writes it.
 *
 * @param hostWindowBytes on the broker's disk, of one record of {@code vmalloc.host-windows}; 0
 *     without variant (c)
 */
record BenchResult(
    Instant at,
    Machine machine,
    Load load,
    Filling.Filled filled,
    int parallelism,
    String stateBackend,
    String heap,
    long hostWindowBytes,
    List<VariantResult> variants) {}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A whole benchmark, as {@code --json} writes it.
 *
 * @param flink settings of Flink that are not the usual ones
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
    Map<String, String> flink,
    String heap,
    long hostWindowBytes,
    List<VariantResult> variants) {}

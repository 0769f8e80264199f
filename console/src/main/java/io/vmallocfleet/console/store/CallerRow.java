/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import javax.annotation.Nullable;

/**
 * A caller in a list, over the whole fleet.
 *
 * @param changeBytes against the beginning of the range asked for, null if it was not there
 * @param p50 median of bytes per host, over the hosts that show it
 */
public record CallerRow(
    String function,
    String module,
    String family,
    String label,
    boolean known,
    long bytes,
    @Nullable Long changeBytes,
    long areas,
    long hosts,
    @Nullable Float p50,
    @Nullable Float p99,
    @Nullable Float max) {}

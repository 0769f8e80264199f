/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import javax.annotation.Nullable;

/**
 * A record the pipeline could not use.
 *
 * @param key partition and offset in {@code vmalloc.dead-letters}: stable, fit for a URL
 * @param payloadBytes length of the original value; null where it stays readable at its offset
 * @param payloadHex its first {@link DeadLetterLog#SHOWN_BYTES} bytes
 */
public record DeadLetterView(
    String key,
    String topic,
    int partition,
    long offset,
    long appendedAt,
    String reason,
    String detail,
    @Nullable Integer payloadBytes,
    String payloadHex) {}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

/**
 * A snapshot on its way.
 *
 * @param snapshot single-object bytes of a {@code VmallocSnapshot}
 * @param takenAtMicros by the clock of the host, microseconds since 1970
 * @param arrivesAtMicros by the right one
 */
public record Delivered(String hostId, byte[] snapshot, long takenAtMicros, long arrivesAtMicros) {}

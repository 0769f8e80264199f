/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.spool;

/**
 * A snapshot on its way.
 *
 * @param hostId key of the record
 * @param snapshot single-object bytes
 * @param takenAtMicros microseconds since 1970
 * @param droppedBefore lost snapshots this one reports: should it be lost too, they are unreported
 *     again
 */
public record Outgoing(String hostId, byte[] snapshot, long takenAtMicros, long droppedBefore) {}

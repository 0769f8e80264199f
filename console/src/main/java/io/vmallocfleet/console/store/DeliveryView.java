/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import java.util.List;

/**
 * How snapshots get from the agents to the pipeline: what waits in their spools, what was lost.
 * Hosts that are silent are left out, as nobody knows of theirs.
 *
 * @param hostsTelling hosts whose agent tells of its spool
 * @param hostsWaiting hosts on which snapshots wait for the broker
 * @param snapshotsWaiting on all of them
 * @param bytesWaiting on all of them
 * @param hostsLosing hosts that lost snapshots in their last window
 * @param lostSnapshots on all of them, those a full spool dropped included
 * @param series of sums over hosts by window: {@code waiting} and {@code lost} snapshots
 * @param fullest hosts on which most of the spool's bound is used, most first
 * @param lossy hosts that lost snapshots in their last window, most first
 */
public record DeliveryView(
    long hostsTelling,
    long hostsWaiting,
    long snapshotsWaiting,
    long bytesWaiting,
    long hostsLosing,
    long lostSnapshots,
    Series series,
    List<HostRow> fullest,
    List<HostRow> lossy) {}

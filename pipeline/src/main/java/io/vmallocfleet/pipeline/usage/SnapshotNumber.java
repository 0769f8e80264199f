/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

/**
 * Which snapshot of its host this is.
 *
 * @param sequence counts within the agent run, from 0, without gaps
 * @param droppedBefore snapshots the agent dropped since the last one it delivered, from 0
 */
public record SnapshotNumber(String agentRun, long sequence, long droppedBefore) {
  static SnapshotNumber of(HostUsage usage) {
    return new SnapshotNumber(usage.agentRun(), usage.sequence(), usage.droppedBefore());
  }
}

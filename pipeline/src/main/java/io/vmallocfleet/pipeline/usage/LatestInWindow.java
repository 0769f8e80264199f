/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.AggregateFunction;

/**
 * Keeps a host's last snapshot of a window and counts the distinct ones, so that a snapshot
 * delivered twice or out of order changes nothing.
 */
public final class LatestInWindow
    implements AggregateFunction<HostUsage, LatestInWindow.Seen, LatestInWindow.Seen> {

  /**
   * State of one host and window.
   *
   * @param latest null before the first snapshot
   * @param numbers of every distinct snapshot
   */
  public record Seen(HostUsage latest, Set<SnapshotNumber> numbers) {}

  @Override
  public Seen createAccumulator() {
    return new Seen(null, new HashSet<>());
  }

  @Override
  public Seen add(HostUsage usage, Seen seen) {
    seen.numbers().add(SnapshotNumber.of(usage));
    return new Seen(later(usage, seen.latest()), seen.numbers());
  }

  @Override
  public Seen getResult(Seen seen) {
    return seen;
  }

  @Override
  public Seen merge(Seen a, Seen b) {
    a.numbers().addAll(b.numbers());
    return new Seen(a.latest() == null ? b.latest() : later(a.latest(), b.latest()), a.numbers());
  }

  private static HostUsage later(HostUsage usage, HostUsage other) {
    return other == null || usage.isAfter(other) ? usage : other;
  }
}

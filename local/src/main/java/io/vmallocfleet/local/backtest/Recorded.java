/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.local.backtest.evaluation.Span;
import io.vmallocfleet.pipeline.usage.Delivery;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.accumulators.Accumulator;

/**
 * What a recording holds.
 *
 * @param snapshots those that can be read
 * @param callers summed over the snapshots
 * @param firstMillis arrival of the first, milliseconds since 1970. Not when it was taken: one
 *     wrong clock would stretch the span.
 * @param lastMillis of the last
 */
record Recorded(long snapshots, int hosts, long callers, long firstMillis, long lastMillis)
    implements Serializable {
  static final Recorded NOTHING = new Recorded(0, 0, 0, Long.MAX_VALUE, Long.MIN_VALUE);

  /**
   * @throws IOException if the recording is empty
   */
  Span span() throws IOException {
    if (snapshots == 0) {
      throw new IOException("the recording holds no snapshot that can be read");
    }
    return new Span(Instant.ofEpochMilli(firstMillis), Instant.ofEpochMilli(lastMillis + 1));
  }

  /** Adds up as the job reads; Flink asks for the result from other threads now and then. */
  static final class Count implements Accumulator<Delivery, Recorded> {
    private static final long serialVersionUID = 1;

    private final Set<String> hosts = ConcurrentHashMap.newKeySet();
    private volatile Recorded sofar = NOTHING;

    @Override
    public void add(Delivery delivery) {
      if (delivery.usage() == null) {
        return;
      }
      hosts.add(delivery.usage().hostId());
      long at = delivery.arrivedAtMillis();
      include(new Recorded(1, 1, delivery.usage().callers().size(), at, at));
    }

    @Override
    public Recorded getLocalValue() {
      return sofar;
    }

    @Override
    public void resetLocal() {
      hosts.clear();
      sofar = NOTHING;
    }

    @Override
    public void merge(Accumulator<Delivery, Recorded> other) {
      hosts.addAll(((Count) other).hosts);
      include(other.getLocalValue());
    }

    @Override
    public Count clone() {
      var copy = new Count();
      copy.hosts.addAll(new HashSet<>(hosts));
      copy.sofar = sofar;
      return copy;
    }

    private void include(Recorded more) {
      sofar =
          new Recorded(
              sofar.snapshots + more.snapshots,
              hosts.size(),
              sofar.callers + more.callers,
              Math.min(sofar.firstMillis, more.firstMillis),
              Math.max(sofar.lastMillis, more.lastMillis));
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.usage;

import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import java.time.Instant;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.metrics.Counter;

/**
 * A snapshot whose window was already closed becomes a dead letter that says where the original
 * lies. Counted as {@code lateSnapshots}. No state.
 */
public final class LateSnapshots extends RichMapFunction<HostUsage, DeadLetter> {
  private transient Counter late;

  @Override
  public void open(OpenContext context) {
    late = getRuntimeContext().getMetricGroup().counter("lateSnapshots");
  }

  @Override
  public DeadLetter map(HostUsage usage) {
    late.inc();
    Origin origin = usage.origin();
    return new DeadLetter(
        origin.topic(),
        origin.partition(),
        origin.offset(),
        Instant.ofEpochMilli(origin.appendedAtMillis()),
        DeadLetterReason.LATE,
        "snapshot %d of host %s (%s), taken at %s, came after its window was closed"
            .formatted(
                usage.sequence(),
                usage.host().hostname(),
                usage.hostId(),
                Instant.ofEpochMilli(usage.takenAtMillis())),
        null);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.alerts;

import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Verdict;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * What the findings about a host tell of the host itself: the boot it is in, and whether it is
 * silent. Emits only what changed.
 *
 * <p>Keyed by host id. State: the last fact ({@code host}), kept for 30 days after the last
 * finding. A restart loses nothing.
 */
public final class HostFacts extends KeyedProcessFunction<String, Finding, Fact> {
  private transient ValueState<Fact> last;

  @Override
  public void open(OpenContext context) {
    var state = new ValueStateDescriptor<>("host", Fact.class);
    state.enableTimeToLive(StateTtlConfig.newBuilder(Duration.ofDays(30)).build());
    last = getRuntimeContext().getState(state);
  }

  @Override
  public void processElement(Finding finding, Context context, Collector<Fact> out)
      throws Exception {
    Fact known = last.value();
    long at = finding.getWindowEnd().toEpochMilli();
    if (known != null && at < known.atMillis()) {
      return;
    }
    String boot =
        finding.getBootId() != null ? finding.getBootId() : known == null ? "" : known.value();
    boolean silent = silent(finding, known != null && known.holds());
    boolean changed = known == null || silent != known.holds() || !boot.equals(known.value());
    Fact now =
        new Fact(
            Fact.Kind.HOST,
            context.getCurrentKey(),
            silent,
            boot,
            changed ? at : known.atMillis(),
            null);
    if (changed) {
      last.update(now);
      // A host nobody knows anything special of is the ordinary case.
      if (known != null || silent) {
        out.collect(now);
      }
    }
  }

  /** Whatever else is seen of a host shows that it speaks. */
  private static boolean silent(Finding finding, boolean before) {
    if (finding.getKind() == FindingKind.HOST_SILENT) {
      return finding.getVerdict() == Verdict.SEEN;
    }
    return before && finding.getVerdict() == Verdict.GONE;
  }
}

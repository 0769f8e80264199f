/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.CohortCurve;
import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.pipeline.usage.StateTtl;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Makes findings of the growth that hosts report, held against what the same caller does on the
 * other hosts of the cohort: now, and when they were of the same age. A cache that fills on every
 * host after a boot, or a load that grows everywhere, is no host's leak.
 *
 * <p>Keyed by caller and cohort. State: reports of windows that are not complete yet ({@code
 * waiting}), the {@link CohortCurve} ({@code curve}), how many hosts it was last seen on ({@code
 * hosts}), and the last finding of each host whose leak is published ({@code open}). All of it goes
 * 30 days after it was last written. A restart loses none of it. Reports of one window are judged
 * together, once the watermark has passed it, so that a replay judges the same.
 *
 * <p>Growth over days is judged when its bucket closes and confirmed by every window in between;
 * growth over hours at once, unless most hosts of the cohort show it.
 */
public final class JudgeGrowth extends KeyedProcessFunction<String, GrowthReport, Finding> {
  private static final Duration SILENCE = Duration.ofDays(30);

  /** Least share of its growth that a host must not have in common with others. */
  private static final double OWN_SHARE = 0.5;

  /** A host pages when it is that far outside its cohort, in robust standard deviations. */
  private static final double PAGE_Z = 8;

  private final DetectionSettings settings;
  private transient ListState<GrowthReport> waiting;
  private transient ValueState<CohortCurve> curve;
  private transient ValueState<Integer> hosts;
  private transient MapState<String, Finding> open;

  public JudgeGrowth(DetectionSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    StateTtlConfig ttl = StateTtl.after(SILENCE);
    var waitingState = new ListStateDescriptor<>("waiting", GrowthReport.class);
    waitingState.enableTimeToLive(ttl);
    waiting = getRuntimeContext().getListState(waitingState);
    var curveState = new ValueStateDescriptor<>("curve", CohortCurve.class);
    curveState.enableTimeToLive(ttl);
    curve = getRuntimeContext().getState(curveState);
    var hostsState = new ValueStateDescriptor<>("hosts", Types.INT);
    hostsState.enableTimeToLive(ttl);
    hosts = getRuntimeContext().getState(hostsState);
    var openState = new MapStateDescriptor<>("open", String.class, Finding.class);
    openState.enableTimeToLive(ttl);
    open = getRuntimeContext().getMapState(openState);
  }

  @Override
  public void processElement(GrowthReport report, Context context, Collector<Finding> out)
      throws Exception {
    waiting.add(report);
    context.timerService().registerEventTimeTimer(report.windowEndMillis() - 1);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Finding> out)
      throws Exception {
    List<GrowthReport> complete = new ArrayList<>();
    List<GrowthReport> later = new ArrayList<>();
    for (GrowthReport report : waiting.get()) {
      (report.windowEndMillis() - 1 <= timestamp ? complete : later).add(report);
    }
    waiting.update(later);
    complete.sort(
        Comparator.comparingLong(GrowthReport::windowEndMillis)
            .thenComparing(GrowthReport::hostId));
    judge(complete, out);
  }

  private void judge(List<GrowthReport> reports, Collector<Finding> out) throws Exception {
    List<GrowthReport> closed = reports.stream().filter(GrowthReport::bucketClosed).toList();
    CohortCurve ages = curve.value();
    if (ages == null) {
      ages = CohortCurve.ofAges(settings.growth().buckets() + 1);
    }
    CohortCurve.Peers peers =
        CohortCurve.Peers.of(closed.stream().map(GrowthReport::growthBytes).toList());
    for (GrowthReport report : closed) {
      ages.observe(report.age(), report.growthBytes());
    }
    if (!closed.isEmpty()) {
      curve.update(ages);
      hosts.update(closed.size());
    }
    int known = hosts.value() == null ? 0 : hosts.value();
    long fast = reports.stream().filter(GrowthReport::fast).count();
    boolean common = known >= CohortCurve.FEWEST && fast > OWN_SHARE * known;
    for (GrowthReport report : reports) {
      judge(report, peers, ages, common, out);
    }
  }

  private void judge(
      GrowthReport report,
      CohortCurve.Peers peers,
      CohortCurve ages,
      boolean fastIsCommon,
      Collector<Finding> out)
      throws Exception {
    Finding published = open.get(report.hostId());
    if (report.leak() == null) {
      if (published != null && !report.ended().isEmpty()) {
        end(report, published, report.ended(), out);
      }
      return;
    }
    boolean alike =
        report.fast()
            ? fastIsCommon
            : report.bucketClosed() && isAlike(report, peers, ages.typicalBytes(report.age()));
    if (alike && published != null) {
      end(report, published, "other hosts of the cohort have grown alike", out);
    }
    boolean judged = report.fast() || report.bucketClosed() || published != null;
    if (alike || !judged) {
      return;
    }
    Finding finding = report.leak();
    if (report.bucketClosed() && peers.areEnough()) {
      finding.setHostsInCohort(peers.hosts());
      if (finding.getSeverity() == Severity.PAGE && peers.z(report.growthBytes()) < PAGE_Z) {
        finding.setSeverity(Severity.TICKET);
      }
    } else if (published != null && !report.fast()) {
      finding.setHostsInCohort(published.getHostsInCohort());
      finding.setSeverity(published.getSeverity());
    }
    open.put(report.hostId(), finding);
    out.collect(finding);
  }

  /** Whether most of the growth is what hosts of the cohort do now, or do at that age. */
  private static boolean isAlike(GrowthReport report, CohortCurve.Peers peers, long atItsAge) {
    long usual = Math.max(peers.medianBytes(), atItsAge);
    return report.growthBytes() - usual < OWN_SHARE * report.growthBytes();
  }

  private void end(GrowthReport report, Finding published, String why, Collector<Finding> out)
      throws Exception {
    open.remove(report.hostId());
    out.collect(
        HostFinding.over(published, report.windowStartMillis(), report.windowEndMillis(), why));
  }
}

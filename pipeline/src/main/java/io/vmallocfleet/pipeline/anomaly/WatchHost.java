/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.CallerHistory;
import io.vmallocfleet.detection.Churn;
import io.vmallocfleet.detection.ChurnSettings;
import io.vmallocfleet.detection.Detection;
import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.detection.LeakLoudness;
import io.vmallocfleet.detection.Surge;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.CallerTable;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.pipeline.usage.StateTtl;
import io.vmallocfleet.schemas.Finding;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import javax.annotation.Nullable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Watches the callers of each host, window by window.
 *
 * <p>Keyed by host id. State: the boot the host is in ({@code boot}), and a {@link CallerHistory}
 * for each caller that has held enough to be suspected in it ({@code histories}, at most 512 bytes
 * each), and the {@link Churn} of the few whose areas come and go ({@code churns}, 16 bytes each).
 * All go when a host has been silent for 30 days; histories go at a new boot, because a reboot
 * frees everything. A restart of the job loses none.
 *
 * <p>Jumps and churn are findings at once. Whether growth is a leak is also a question of what
 * other hosts do, so it goes to {@link #GROWTH} as a report.
 *
 * <p>A window in which the agent was blind, or left areas out, says nothing about any caller.
 */
public final class WatchHost extends KeyedProcessFunction<String, HostUsageInWindow, Finding> {
  public static final OutputTag<GrowthReport> GROWTH = new OutputTag<>("growth") {};

  /** What each area of these is for was made by someone who should also take it away. */
  private static final Set<String> NEVER_CACHES =
      Set.of(
          "kernel-stacks",
          "bpf-programs",
          "bpf-jit",
          "bpf-maps",
          "modules",
          "percpu",
          "tty",
          "netfilter-rules",
          "packet-capture");

  private static final Duration SILENCE = Duration.ofDays(30);

  private final DetectionSettings settings;
  private transient ValueState<WatchedBoot> boot;
  private transient MapState<String, CallerHistory> histories;
  private transient MapState<String, Churn> churns;

  public WatchHost(DetectionSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    StateTtlConfig ttl = StateTtl.after(SILENCE);
    var bootState = new ValueStateDescriptor<>("boot", WatchedBoot.class);
    bootState.enableTimeToLive(ttl);
    boot = getRuntimeContext().getState(bootState);
    var historyState = new MapStateDescriptor<>("histories", String.class, CallerHistory.class);
    historyState.enableTimeToLive(ttl);
    histories = getRuntimeContext().getMapState(historyState);
    var churnState = new MapStateDescriptor<>("churns", String.class, Churn.class);
    churnState.enableTimeToLive(ttl);
    churns = getRuntimeContext().getMapState(churnState);
  }

  @Override
  public void processElement(HostUsageInWindow host, Context context, Collector<Finding> out)
      throws Exception {
    if (!host.usage().complete()) {
      return;
    }
    WatchedBoot current = currentBoot(host, context);
    // Few callers have a history, so those known are read at once.
    Map<String, CallerHistory> known = new HashMap<>();
    for (Map.Entry<String, CallerHistory> entry : histories.entries()) {
      known.put(entry.getKey(), entry.getValue());
    }
    CallerTable callers = host.usage().callers();
    for (int i = 0; i < callers.size(); i++) {
      String caller = callers.callers()[i];
      observe(host, current, caller, known.remove(caller), callers.bytes()[i], context);
    }
    for (Map.Entry<String, CallerHistory> absent : known.entrySet()) {
      observe(host, current, absent.getKey(), absent.getValue(), 0, context);
    }
    watchChurn(host, current, out);
    boot.update(current.next());
  }

  /** Few callers have areas that come and go, so those known are read once. */
  private void watchChurn(HostUsageInWindow host, WatchedBoot current, Collector<Finding> out)
      throws Exception {
    Map<String, Churn> known = new HashMap<>();
    for (Map.Entry<String, Churn> entry : churns.entries()) {
      known.put(entry.getKey(), entry.getValue());
    }
    CallerTable callers = host.usage().callers();
    for (int i = 0; i < callers.size(); i++) {
      Churn before = known.remove(callers.callers()[i]);
      if (before != null || callers.changes()[i] >= settings.churn().rememberedFrom()) {
        Churn start = before == null ? Churn.calmFor(current.windows()) : before;
        watchChurn(host, callers.callers()[i], start, callers.changes()[i], out);
      }
    }
    for (Map.Entry<String, Churn> absent : known.entrySet()) {
      watchChurn(host, absent.getKey(), absent.getValue(), 0, out);
    }
  }

  private void watchChurn(
      HostUsageInWindow host, String caller, Churn before, int changes, Collector<Finding> out)
      throws Exception {
    ChurnSettings limits = settings.churn();
    Churn now = before.observe(changes, limits);
    if (now.isCalm(limits)) {
      churns.remove(caller);
    } else {
      churns.put(caller, now);
    }
    boolean was = before.isFarAboveUsual(limits);
    if (now.isFarAboveUsual(limits)) {
      out.collect(ChurnFinding.of(host, CallerName.parse(caller), changes, now));
    } else if (was) {
      out.collect(
          HostFinding.over(
              ChurnFinding.of(host, CallerName.parse(caller), changes, before),
              host.windowStartMillis(),
              host.windowEndMillis(),
              "its areas come and go as usual again"));
    }
  }

  private WatchedBoot currentBoot(HostUsageInWindow host, Context context) throws Exception {
    String bootId = host.usage().host().bootId();
    WatchedBoot known = boot.value();
    if (known != null && known.bootId().equals(bootId)) {
      return known;
    }
    for (Map.Entry<String, CallerHistory> entry : histories.entries()) {
      if (entry.getValue().leaking()) {
        context.output(
            GROWTH,
            GrowthReport.ended(host, entry.getKey(), known.cohort(), 0, "the host rebooted"));
      }
    }
    histories.clear();
    return new WatchedBoot(
        bootId, host.usage().cohort(), 0, host.windowStartMillis(), known != null);
  }

  private void observe(
      HostUsageInWindow host,
      WatchedBoot current,
      String caller,
      @Nullable CallerHistory known,
      long bytes,
      Context context)
      throws Exception {
    CallerHistory history = known;
    if (history == null) {
      if (bytes < settings.growth().suspectFloorBytes()) {
        return; // most callers, and mappings without memory, such as ioremap
      }
      history =
          current.windows() == 0
              ? CallerHistory.unknown()
              : CallerHistory.absentSince(
                  current.sinceMillis(), host.windowStartMillis(), settings);
    }
    CallerHistory.Observation seen = history.observe(host.windowStartMillis(), bytes, settings);
    if (seen.next().holdsNothing()) {
      histories.remove(caller);
    } else if (!seen.next().equals(known)) { // most windows of a bucket change nothing
      histories.put(caller, seen.next());
    }
    report(host, current, caller, bytes, history, seen, context);
  }

  private void report(
      HostUsageInWindow host,
      WatchedBoot current,
      String caller,
      long bytes,
      CallerHistory before,
      CallerHistory.Observation seen,
      Context context) {
    int age = current.age(host.windowEndMillis(), settings.growth().bucket().toMillis());
    Finding leak = leak(host, age, caller, bytes, seen);
    if (leak != null || seen.bucketClosed()) {
      context.output(GROWTH, GrowthReport.of(host, caller, bytes, age, seen, leak));
    }
    if (before.leaking() && !seen.next().leaking()) {
      context.output(
          GROWTH,
          GrowthReport.ended(
              host, caller, current.cohort(), bytes, "it has stopped growing or was freed"));
    }
  }

  private @Nullable Finding leak(
      HostUsageInWindow host,
      int age,
      String callerName,
      long bytes,
      CallerHistory.Observation seen) {
    if (!seen.next().leaking()) {
      return null;
    }
    CallerName caller = CallerName.parse(callerName);
    long memory = host.usage().budget().memTotalBytes();
    long used = host.usage().totals().bytes();
    Detection.Leak leak = seen.growth() == null ? seen.surge() : seen.growth();
    boolean warm = age < 0 || age >= settings.growth().blockBuckets();
    LeakLoudness loudness =
        seen.growth() == null
            ? LeakLoudness.ofFast(
                leak,
                warm,
                seen.next().surge().isSeasoned(),
                isNoCache(caller, seen.next().surge()),
                memory,
                used)
            : LeakLoudness.ofSlow(leak, memory, used);
    return loudness.silent() ? null : LeakFinding.of(host, caller, bytes, leak, loudness);
  }

  private boolean isNoCache(CallerName caller, Surge surge) {
    return NEVER_CACHES.contains(HostFinding.purpose(caller))
        || surge.keepsItsPace(settings.surge());
  }
}

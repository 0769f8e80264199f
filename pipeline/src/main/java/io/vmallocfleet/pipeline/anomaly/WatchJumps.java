/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Detection;
import io.vmallocfleet.detection.JumpSettings;
import io.vmallocfleet.detection.JumpWatch;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.CallerTable;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.pipeline.usage.StateTtl;
import io.vmallocfleet.schemas.Finding;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.annotation.Nullable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Watches the callers of each host for steps, window by window.
 *
 * <p>Keyed by host id. State: the boot the host is in ({@code jump-boot}), and a {@link JumpWatch}
 * for each caller that has held enough to matter in it ({@code jump-watches}, at most {@link
 * JumpWatch#STATE_BYTES} each). Both go when a host has been silent for 30 days; watches go at a
 * new boot, and jumps told of the one before are over. A restart of the job loses neither.
 *
 * <p>A window in which the agent was blind, or left areas out, says nothing about any caller.
 */
public final class WatchJumps extends KeyedProcessFunction<String, HostUsageInWindow, Finding> {
  private static final Duration SILENCE = Duration.ofDays(30);

  /** A caller below this share of the smallest jump cannot have made one. */
  private static final int REMEMBERED_SHARE = 16;

  private final JumpSettings settings;
  private transient ValueState<WatchedBoot> boot;
  private transient MapState<String, JumpWatch> watches;

  public WatchJumps(JumpSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    StateTtlConfig ttl = StateTtl.after(SILENCE);
    var bootState = new ValueStateDescriptor<>("jump-boot", WatchedBoot.class);
    bootState.enableTimeToLive(ttl);
    boot = getRuntimeContext().getState(bootState);
    var watchState = new MapStateDescriptor<>("jump-watches", String.class, JumpWatch.class);
    watchState.enableTimeToLive(ttl);
    watches = getRuntimeContext().getMapState(watchState);
  }

  @Override
  public void processElement(HostUsageInWindow host, Context context, Collector<Finding> out)
      throws Exception {
    if (!host.usage().complete()) {
      return;
    }
    WatchedBoot current = currentBoot(host, out);
    Map<String, JumpWatch> known = new HashMap<>();
    for (Map.Entry<String, JumpWatch> entry : watches.entries()) {
      known.put(entry.getKey(), entry.getValue());
    }
    CallerTable callers = host.usage().callers();
    for (int i = 0; i < callers.size(); i++) {
      String caller = callers.callers()[i];
      observe(host, current, caller, known.remove(caller), callers.bytes()[i], out);
    }
    for (Map.Entry<String, JumpWatch> absent : known.entrySet()) {
      observe(host, current, absent.getKey(), absent.getValue(), 0, out);
    }
    boot.update(current.next());
  }

  private WatchedBoot currentBoot(HostUsageInWindow host, Collector<Finding> out) throws Exception {
    String bootId = host.usage().host().bootId();
    WatchedBoot known = boot.value();
    if (known != null && known.bootId().equals(bootId)) {
      return known;
    }
    for (Map.Entry<String, JumpWatch> entry : watches.entries()) {
      Optional<Detection.Jump> told = entry.getValue().told(0, settings);
      if (told.isPresent()) {
        Finding last =
            JumpFinding.of(host, known.bootId(), CallerName.parse(entry.getKey()), 0, told.get());
        out.collect(over(host, last, "the host rebooted"));
      }
    }
    watches.clear();
    return new WatchedBoot(
        bootId, host.usage().cohort(), 0, host.windowStartMillis(), known != null);
  }

  private void observe(
      HostUsageInWindow host,
      WatchedBoot current,
      String caller,
      @Nullable JumpWatch known,
      long bytes,
      Collector<Finding> out)
      throws Exception {
    long remembered = settings.floorBytes() / REMEMBERED_SHARE;
    JumpWatch before = known;
    if (before == null) {
      if (bytes < remembered) {
        return; // most callers, and mappings without memory, such as ioremap
      }
      before =
          JumpWatch.absentFor(
              current.windows(),
              host.windowStartMillis(),
              host.windowEndMillis() - host.windowStartMillis(),
              settings);
    }
    JumpWatch.Observation seen = before.observe(host.windowStartMillis(), bytes, settings);
    if (bytes == 0 && seen.next().holdsLessThan(remembered)) {
      watches.remove(caller);
    } else {
      watches.put(caller, seen.next());
    }
    if (seen.jump() != null) {
      out.collect(
          JumpFinding.of(host, current.bootId(), CallerName.parse(caller), bytes, seen.jump()));
    } else if (seen.endedBecause().isPresent()) {
      Detection.Jump told = before.told(bytes, settings).orElseThrow();
      Finding last = JumpFinding.of(host, current.bootId(), CallerName.parse(caller), bytes, told);
      out.collect(over(host, last, seen.endedBecause().get()));
    }
  }

  private static Finding over(HostUsageInWindow host, Finding last, String why) {
    return HostFinding.over(last, host.windowStartMillis(), host.windowEndMillis(), why);
  }
}

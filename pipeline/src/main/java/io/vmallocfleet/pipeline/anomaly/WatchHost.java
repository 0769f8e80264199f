/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.CallerHistory;
import io.vmallocfleet.detection.Detection;
import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.pipeline.usage.CallerTable;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.schemas.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Watches the callers of each host, window by window.
 *
 * <p>Keyed by host id. State: the boot the host is in ({@code boot}), and a {@link CallerHistory}
 * for each caller that held memory in it ({@code histories}, at most 512 bytes each). Both go when
 * a host has been silent for 30 days; histories go at a new boot, because a reboot frees
 * everything. A restart of the job loses neither.
 *
 * <p>A window in which the agent was blind, or left areas out, says nothing about any caller.
 */
public final class WatchHost extends KeyedProcessFunction<String, HostUsageInWindow, Finding> {
  private static final Duration SILENCE = Duration.ofDays(30);

  private final DetectionSettings settings;
  private transient ValueState<WatchedBoot> boot;
  private transient MapState<String, CallerHistory> histories;

  public WatchHost(DetectionSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    StateTtlConfig ttl = StateTtlConfig.newBuilder(SILENCE).build();
    var bootState = new ValueStateDescriptor<>("boot", WatchedBoot.class);
    bootState.enableTimeToLive(ttl);
    boot = getRuntimeContext().getState(bootState);
    var historyState = new MapStateDescriptor<>("histories", String.class, CallerHistory.class);
    historyState.enableTimeToLive(ttl);
    histories = getRuntimeContext().getMapState(historyState);
  }

  @Override
  public void processElement(HostUsageInWindow host, Context context, Collector<Finding> out)
      throws Exception {
    if (!host.usage().complete()) {
      return;
    }
    WatchedBoot current = currentBoot(host);
    CallerTable callers = host.usage().callers();
    Set<String> present = new HashSet<>(2 * callers.size());
    for (int i = 0; i < callers.size(); i++) {
      String caller = callers.callers()[i];
      present.add(caller);
      observe(host, current, caller, callers.bytes()[i], out);
    }
    for (String caller : absent(present)) {
      observe(host, current, caller, 0, out);
    }
    boot.update(current.next());
  }

  private WatchedBoot currentBoot(HostUsageInWindow host) throws Exception {
    String bootId = host.usage().host().bootId();
    WatchedBoot known = boot.value();
    if (known != null && known.bootId().equals(bootId)) {
      return known;
    }
    histories.clear();
    return new WatchedBoot(bootId, 0);
  }

  private void observe(
      HostUsageInWindow host,
      WatchedBoot current,
      String caller,
      long bytes,
      Collector<Finding> out)
      throws Exception {
    CallerHistory history = histories.get(caller);
    if (history == null) {
      if (bytes == 0) {
        return; // mappings without memory, such as ioremap, need no history
      }
      history =
          current.windows() == 0
              ? CallerHistory.unknown()
              : CallerHistory.absentFor(current.windows(), settings);
    }
    CallerHistory.Observation seen = history.observe(host.windowStartMillis(), bytes, settings);
    if (seen.next().holdsNothing()) {
      histories.remove(caller);
    } else {
      histories.put(caller, seen.next());
    }
    for (Detection detection : seen.detections()) {
      out.collect(HostFinding.of(host, CallerName.parse(caller), bytes, detection, settings));
    }
  }

  private List<String> absent(Set<String> present) throws Exception {
    var absent = new ArrayList<String>();
    for (String caller : histories.keys()) {
      if (!present.contains(caller)) {
        absent.add(caller);
      }
    }
    return absent;
  }
}

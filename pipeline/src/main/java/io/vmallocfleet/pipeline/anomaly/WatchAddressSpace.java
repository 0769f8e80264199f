/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.anomaly;

import io.vmallocfleet.detection.Headroom;
import io.vmallocfleet.detection.HeadroomSettings;
import io.vmallocfleet.detection.Persistence;
import io.vmallocfleet.fragmentation.AddressSpaceShape;
import io.vmallocfleet.fragmentation.RegionCapacity;
import io.vmallocfleet.fragmentation.RequestFit;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.pipeline.usage.StateTtl;
import io.vmallocfleet.pipeline.usage.WindowShape;
import io.vmallocfleet.schemas.Finding;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Watches the address space of each host: whether a request of a usual size still fits, and how
 * much is left of its limits.
 *
 * <p>Keyed by host id. State: the boot it speaks of ({@code boot}), the {@link Headroom} of each
 * limit ({@code limits}, three at most, some 90 bytes each) and how long a request has not fitted
 * in each window ({@code misfits}). All go when a host has been silent for 30 days, and start again
 * at a new boot. A restart of the job loses none.
 */
public final class WatchAddressSpace
    extends KeyedProcessFunction<String, HostUsageInWindow, Finding> {
  private static final Duration SILENCE = Duration.ofDays(30);
  private static final String REBOOTED = "the host rebooted";

  /** Windows in a row: a module that loads may leave no room for a moment. */
  private static final int WINDOWS = 2;

  private final HeadroomSettings settings;
  private final long requestBytes;
  private transient ValueState<String> boot;
  private transient MapState<String, Headroom> limits;
  private transient MapState<String, Persistence> misfits;

  /**
   * @param requestBytes request that should always fit, without its guard page
   */
  public WatchAddressSpace(HeadroomSettings settings, long requestBytes) {
    this.settings = settings;
    this.requestBytes = requestBytes;
  }

  @Override
  public void open(OpenContext context) {
    StateTtlConfig ttl = StateTtl.after(SILENCE);
    var bootState = new ValueStateDescriptor<>("boot", String.class);
    bootState.enableTimeToLive(ttl);
    boot = getRuntimeContext().getState(bootState);
    var limitState = new MapStateDescriptor<>("limits", String.class, Headroom.class);
    limitState.enableTimeToLive(ttl);
    limits = getRuntimeContext().getMapState(limitState);
    var misfitState = new MapStateDescriptor<>("misfits", String.class, Persistence.class);
    misfitState.enableTimeToLive(ttl);
    misfits = getRuntimeContext().getMapState(misfitState);
  }

  @Override
  public void processElement(HostUsageInWindow host, Context context, Collector<Finding> out)
      throws Exception {
    if (!host.usage().complete()) {
      return;
    }
    boolean rebooted = rebooted(host.usage().host().bootId());
    for (Limit limit : Limit.of(host.usage())) {
      headroom(host, limit, rebooted, out);
    }
    for (WindowShape window : host.usage().windows()) {
      if (window.shape().holes() != null) {
        fragmentation(host, window, rebooted, out);
      }
    }
  }

  private boolean rebooted(String bootId) throws Exception {
    String known = boot.value();
    if (bootId.equals(known)) {
      return false;
    }
    boot.update(bootId);
    return known != null;
  }

  private void headroom(
      HostUsageInWindow host, Limit limit, boolean rebooted, Collector<Finding> out)
      throws Exception {
    Headroom known = limits.get(limit.name());
    Headroom before = known == null ? Headroom.unknown() : known;
    Headroom start = rebooted ? Headroom.unknown() : before;
    Headroom now =
        start.observe(host.windowStartMillis(), limit.usedBytes(), limit.limitBytes(), settings);
    if (now != before) {
      limits.put(limit.name(), now);
    }
    if (before.low() && !now.low()) {
      out.collect(
          HostFinding.over(
              AddressSpaceFinding.headroom(host, limit, before, settings),
              host.windowStartMillis(),
              host.windowEndMillis(),
              rebooted ? REBOOTED : "enough is free again"));
    }
    if (now.low()) {
      out.collect(AddressSpaceFinding.headroom(host, limit, now, settings));
    }
  }

  private void fragmentation(
      HostUsageInWindow host, WindowShape window, boolean rebooted, Collector<Finding> out)
      throws Exception {
    String region = window.window().name();
    HostUsage usage = host.usage();
    long capacity = Limit.capacity(usage, window.window());
    if (capacity <= 0 && !RegionCapacity.isSmall(usage.host().architecture())) {
      return; // nobody can say how much lies beyond the areas
    }
    int pageSize = usage.host().pageSize();
    AddressSpaceShape.Holes holes = window.shape().holes();
    RequestFit fit =
        RequestFit.of(
            (requestBytes + pageSize - 1) / pageSize * pageSize + pageSize, holes, capacity);
    Persistence known = misfits.get(region);
    Persistence before = known == null ? Persistence.absent() : known;
    Persistence start = rebooted ? Persistence.absent() : before;
    Persistence now = start.observe(fit.failsForFragmentation(), WINDOWS, WINDOWS);
    if (!now.equals(before)) {
      misfits.put(region, now);
    }
    if (before.there() && !now.there()) {
      out.collect(
          HostFinding.over(
              AddressSpaceFinding.fragmentation(host, window.window(), fit),
              host.windowStartMillis(),
              host.windowEndMillis(),
              rebooted ? REBOOTED : "such a request fits again"));
    }
    if (now.isShown()) {
      out.collect(AddressSpaceFinding.fragmentation(host, window.window(), fit));
    }
  }
}

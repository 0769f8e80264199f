/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.fleet;

import io.vmallocfleet.callers.CallerFamily;
import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.detection.fleet.CallerMemory;
import io.vmallocfleet.detection.fleet.FleetDetection;
import io.vmallocfleet.detection.fleet.FleetJudge;
import io.vmallocfleet.detection.fleet.FleetMemory;
import io.vmallocfleet.detection.fleet.FleetSettings;
import io.vmallocfleet.detection.fleet.Population;
import io.vmallocfleet.pipeline.usage.CallerName;
import io.vmallocfleet.schemas.Finding;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Judges the fleet when a bucket ends: over all callers and kernel builds at once, because a rename
 * shows in two callers and a regression in two builds.
 *
 * <p>Keyed by architecture, so one task judges; it sees one small record per caller and kernel
 * build every four hours, whatever the number of hosts. State: the populations of the bucket that
 * is not over ({@code pending}), a {@link CallerMemory} per caller ({@code callers}: about 1 KB and
 * 0.6 KB per kernel build) and what is about no caller ({@code common}). Callers nobody has shown
 * for 30 days are dropped by the judge, in event time; so there is no time-to-live, which would be
 * wall clock. A restart loses nothing.
 */
public final class WatchFleet extends KeyedProcessFunction<String, Population, Finding> {
  private final FleetSettings settings;
  private transient ListState<Population> pending;
  private transient MapState<String, CallerMemory> callers;
  private transient ValueState<FleetMemory.Common> common;
  private transient FleetJudge judge;
  private transient FleetFinding findings;

  public WatchFleet(FleetSettings settings) {
    this.settings = settings;
  }

  @Override
  public void open(OpenContext context) {
    pending =
        getRuntimeContext().getListState(new ListStateDescriptor<>("pending", Population.class));
    callers =
        getRuntimeContext()
            .getMapState(new MapStateDescriptor<>("callers", String.class, CallerMemory.class));
    common =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("common", FleetMemory.Common.class));
    CallerKnowledge knowledge = CallerKnowledge.bundled();
    judge = new FleetJudge(settings, caller -> purpose(knowledge, CallerName.parse(caller)));
    findings = new FleetFinding(settings, knowledge);
  }

  /** Slug of the caller's family; empty when unknown. */
  static String purpose(CallerKnowledge knowledge, CallerName caller) {
    String family = knowledge.meaning(caller.function(), caller.module()).family().slug();
    return family.equals(CallerFamily.UNKNOWN) ? "" : family;
  }

  @Override
  public void processElement(Population population, Context context, Collector<Finding> out)
      throws Exception {
    pending.add(population);
    context.timerService().registerEventTimeTimer(settings.endOf(population.bucket()) - 1);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Finding> out)
      throws Exception {
    long bucket = settings.bucketOf(timestamp);
    List<Population> ended = new ArrayList<>();
    List<Population> later = new ArrayList<>();
    for (Population population : pending.get()) {
      (population.bucket() <= bucket ? ended : later).add(population);
    }
    pending.update(later);
    FleetMemory memory = memory();
    for (FleetDetection detection : judge.judge(bucket, ended, memory)) {
      out.collect(findings.of(detection, bucket, ended));
    }
    keep(memory);
  }

  private FleetMemory memory() throws Exception {
    Map<String, CallerMemory> known = new HashMap<>();
    for (Map.Entry<String, CallerMemory> caller : callers.entries()) {
      known.put(caller.getKey(), caller.getValue());
    }
    FleetMemory.Common value = common.value();
    return new FleetMemory(value == null ? FleetMemory.Common.empty() : value, known);
  }

  private void keep(FleetMemory memory) throws Exception {
    List<String> forgotten = new ArrayList<>();
    for (String caller : callers.keys()) {
      if (!memory.callers().containsKey(caller)) {
        forgotten.add(caller);
      }
    }
    for (String caller : forgotten) {
      callers.remove(caller);
    }
    callers.putAll(memory.callers());
    common.update(memory.common());
  }
}

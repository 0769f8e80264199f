/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import io.vmallocfleet.agent.vmallocinfo.AreaFlag;
import io.vmallocfleet.agent.vmallocinfo.VmallocArea;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What is there when a host has booted: the rows of its capture, and the callers of its role. */
record Boot(
    HostPlan plan,
    KernelBuild build,
    Catalogue catalogue,
    SplittableRandom random,
    Map<String, String> renamed,
    Map<String, Double> scaled) {

  /** How much hosts of one role differ in the level of one caller: sigma of its logarithm. */
  private static final double HOST_SIGMA = 0.3;

  /** Of the time a cache takes to fill. */
  private static final double PATIENCE_SIGMA = 0.6;

  record Resident(Holding holding, Level level, Behaviour behaviour) {}

  /** Fills an empty memory and returns who will change. */
  List<Resident> fill(HostMemory memory, List<VmallocArea> rows, long shift, long modulePages) {
    List<Resident> moving = new ArrayList<>();
    Map<String, Holding> holdings = new HashMap<>();
    Map<Holding, Double> targets = new LinkedHashMap<>();
    // The same host after a reboot has the same callers at the same levels.
    var own = new SplittableRandom(HostPlan.mix(plan.seed(), 4));
    for (Catalogue.Entry entry : catalogue.of(plan.role(), build)) {
      double spread = Math.exp(HOST_SIGMA * own.nextGaussian());
      double patience = Math.exp(PATIENCE_SIGMA * own.nextGaussian());
      double chance = own.nextDouble();
      String name = renamed.getOrDefault(entry.function(), entry.function());
      double mean = entry.means().get(plan.role()) * scaled.getOrDefault(name, 1.0);
      boolean still = entry.behaviour() == Behaviour.STATIC;
      mean = still ? Math.floor(mean + chance) : mean * spread * plan.size();
      if (mean == 0) {
        continue;
      }
      Holding holding = memory.hold(name, entry.module(), entry.placement(), entry.pages());
      holdings.put(key(entry.function(), entry.module()), holding);
      var level = new Level(entry.behaviour(), mean, patience, random);
      double now = still ? mean : level.after(Pace.of(entry.behaviour(), 0), 1, 0, random);
      targets.put(holding, entry.behaviour() == Behaviour.TRANSIENT ? 0 : now);
      if (!still) {
        moving.add(new Resident(holding, level, entry.behaviour()));
      }
    }
    place(memory, rows, shift, modulePages, holdings, targets);
    targets.forEach(
        (holding, target) -> {
          for (int i = holding.slots.size(); i < Math.round(target) && memory.take(holding); i++) {
            // As many as there are at boot.
          }
        });
    return moving;
  }

  /** Rows stay where the capture has them, as many of each caller as there are here. */
  private void place(
      HostMemory memory,
      List<VmallocArea> rows,
      long shift,
      long modulePages,
      Map<String, Holding> holdings,
      Map<Holding, Double> targets) {
    Map<String, Integer> counts = new HashMap<>();
    rows.forEach(
        r -> counts.merge(key(r.caller().function(), r.caller().module()), 1, Integer::sum));
    for (VmallocArea row : rows) {
      if (row.flags().contains(AreaFlag.UNPURGED)) {
        continue;
      }
      String key = key(row.caller().function(), row.caller().module());
      Holding holding = holdings.get(key);
      if (holding == null && isElsewhere(row)) {
        continue;
      }
      if (holding == null) {
        boolean percpu = row.caller().function().equals("pcpu_get_vm_areas");
        holding =
            memory.hold(
                row.caller(),
                percpu ? Placement.PERCPU : Placement.VMALLOC,
                AreaFlag.bits(row.flags()),
                new int[] {(int) Math.max(1, row.pages())});
        holdings.put(key, holding);
      }
      double share = targets.containsKey(holding) ? targets.get(holding) / counts.get(key) : 1;
      if (random.nextDouble() < share) {
        memory.place(holding, row, shift, modulePages);
      }
    }
  }

  /** Whether the table knows the caller, and hosts of this role do not have it. */
  private boolean isElsewhere(VmallocArea row) {
    return catalogue.find(row.caller().function(), row.caller().module(), build) != null;
  }

  private static String key(String function, String module) {
    return function + " " + module;
  }
}

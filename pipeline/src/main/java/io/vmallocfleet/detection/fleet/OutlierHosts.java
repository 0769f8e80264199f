/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import io.vmallocfleet.detection.fleet.FleetDetection.OutlierHost;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hosts that hold far more of a caller than the others that show it: by median and median absolute
 * deviation (Leys et al., "Detecting outliers", Journal of Experimental Social Psychology 49,
 * 2013), of logarithms, because what callers hold is skewed and hosts differ by factors. Where more
 * than a few lie outside, the cohort has two kinds of hosts, and none of them is an outlier.
 */
final class OutlierHosts {

  /** Hosts never agree better than that, as a share of what they hold. */
  private static final double LEAST_DEVIATION = 0.1;

  /** More than that share of a cohort is a kind of host. */
  private static final double FEW = 0.01;

  private final FleetSettings settings;

  OutlierHosts(FleetSettings settings) {
    this.settings = settings;
  }

  void judge(Fleet fleet, FleetMemory memory, List<FleetDetection> found) {
    Map<String, Map<String, OutlierHost>> byCaller = new HashMap<>();
    fleet
        .callers()
        .forEach(
            (caller, populations) ->
                populations.forEach(
                    p -> outside(p, byCaller.computeIfAbsent(caller, c -> new TreeMap<>()))));
    memory
        .callers()
        .forEach(
            (caller, known) ->
                follow(
                    caller,
                    byCaller.getOrDefault(caller, Map.of()),
                    known.outliers(),
                    fleet.bucket(),
                    found));
  }

  private void outside(Population population, Map<String, OutlierHost> outside) {
    if (population.hosts() < settings.minimumCohort()) {
      return;
    }
    TopHost top = population.largest().get(0);
    if (top.bytes() < settings.floorBytes()) {
      return; // most callers: nobody holds much
    }
    var levels = new HostValues();
    levels.add(population.levels());
    HostValues.Spread spread = levels.spread(population.hosts());
    double deviation = Math.max(spread.deviation(), LEAST_DEVIATION);
    double bar =
        Math.max(
            spread.median() + settings.floorBytes(),
            spread.median() * Math.exp(settings.outlierZ() * deviation));
    if (levels.above(bar) > Math.max(1, FEW * population.hosts())) {
      return;
    }
    for (TopHost host : population.largest()) {
      if (host.bytes() > bar) {
        outside.put(
            population.cohort() + "\n" + host.hostId(),
            new OutlierHost(
                population.caller(),
                population.cohort(),
                0,
                new TopHost(
                    host.hostId(),
                    host.hostname(),
                    host.bytes(),
                    host.bytes() - (long) spread.median()),
                population.hosts(),
                spread.median(),
                Math.log(host.bytes() / Math.max(1, spread.median())) / deviation,
                ""));
      }
    }
  }

  private static void follow(
      String caller,
      Map<String, OutlierHost> outside,
      Map<String, Spell> spells,
      long bucket,
      List<FleetDetection> found) {
    outside.keySet().forEach(key -> spells.putIfAbsent(key, Spell.from(bucket)));
    for (String key : List.copyOf(new TreeMap<>(spells).keySet())) {
      OutlierHost seen = outside.get(key);
      Spell spell = spells.get(key);
      Spell next = seen == null ? spell.notShown() : spell.shownAgain();
      spells.put(key, next);
      if (next.isOver()) {
        spells.remove(key);
      }
      if (seen != null && next.counts()) {
        found.add(
            new OutlierHost(
                caller,
                seen.cohort(),
                next.sinceBucket(),
                seen.host(),
                seen.hosts(),
                seen.median(),
                seen.z(),
                ""));
      } else if (next.isOver() && next.counts()) {
        int split = key.lastIndexOf('\n');
        found.add(
            new OutlierHost(
                caller,
                key.substring(0, split),
                next.sinceBucket(),
                new TopHost(key.substring(split + 1), "", 0, 0),
                0,
                0,
                0,
                "it holds no more than others, or has gone"));
      }
    }
  }
}

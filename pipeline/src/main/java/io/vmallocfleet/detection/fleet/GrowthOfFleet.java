/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import io.vmallocfleet.detection.fleet.FleetDetection.FleetLeak;
import io.vmallocfleet.detection.fleet.Population.Moved;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * Fleet leaks: population first, as RESIN does (Lou et al., "RESIN: A Holistic Service for Dealing
 * with Memory Leaks in Production Cloud Infrastructure", OSDI 2022), but on what each host gained
 * in a day instead of on how many hosts lie in a bucket of sizes, so that hosts which join, leave
 * or reboot move nothing.
 *
 * <p>A caller is judged over all kernel builds together, and each build against the others, which
 * have the same load: growth of one build alone is that build's. Where many purposes grow at once,
 * load does.
 */
final class GrowthOfFleet {
  private static final String ALL = "";

  /** Load moves that many purposes, and that share of those that move at all. */
  private static final int RAMP_PURPOSES = 4;

  private static final double RAMP_SHARE = 0.34;

  /** Buckets without hosts after which a population is forgotten: a week. */
  private static final int FORGOTTEN = 42;

  private final FleetSettings settings;
  private final UnaryOperator<String> purposes;

  GrowthOfFleet(FleetSettings settings, UnaryOperator<String> purposes) {
    this.settings = settings;
    this.purposes = purposes;
  }

  /** Growth of one population in the bucket, less what hosts of its ages usually gain. */
  private record Growth(Moved day, double level) {}

  private record Judged(
      String caller, List<Population> populations, Map<String, Growth> cohorts, Growth all) {}

  void judge(Fleet fleet, FleetMemory memory, List<FleetDetection> found) {
    List<Judged> judged = new ArrayList<>();
    long age = (fleet.bucket() - memory.common().firstBucket()) / settings.seasons();
    fleet
        .callers()
        .forEach(
            (caller, populations) -> judged.add(take(caller, populations, age, fleet, memory)));
    boolean ramp = isRamp(judged, memory);
    for (Judged caller : judged) {
      speak(caller, ramp, fleet, memory.of(caller.caller()), found);
      steady(caller, ramp, fleet, memory, found);
    }
    memory
        .callers()
        .forEach(
            (caller, known) -> {
              if (!fleet.callers().containsKey(caller)) {
                known.growth().replaceAll((cohort, run) -> run.nextUnseen());
                close(new Judged(caller, List.of(), Map.of(), null), fleet, known, found);
              }
            });
  }

  private Judged take(
      String caller, List<Population> populations, long fleetAge, Fleet fleet, FleetMemory memory) {
    CallerMemory known = memory.of(caller);
    Map<String, Growth> cohorts = new TreeMap<>();
    AgeCurve curve = known.curve();
    int oldest = PopulationSum.ageClass(clip(fleetAge));
    for (Population population : populations) {
      double level = population.bytes() / Math.max(1, population.hosts());
      List<Moved> settled = new ArrayList<>();
      List<Moved> young = new ArrayList<>();
      for (Moved moved : population.growth()) {
        boolean original = PopulationSum.ageClass(moved.age()) == oldest;
        if (original) {
          settled.add(moved);
          continue;
        }
        if (known.curve().isKnown(moved.age())) {
          settled.add(moved.less(known.curve().at(moved.age()) * level));
        } else if (moved.age() >= 2) {
          young.add(moved);
        }
        if (moved.hosts() >= settings.minimumHosts() && level > 0) {
          curve = curve.learning(moved.age(), moved.mean() / level);
        }
      }
      if (hosts(settled) < settings.minimumHosts()) {
        settled.addAll(young);
      }
      if (!settled.isEmpty()) {
        cohorts.put(population.cohort(), new Growth(together(settled), level));
      }
    }
    memory.callers().put(caller, known.with(curve));
    Growth all = pool(cohorts, null);
    advance(known.growth(), ALL, all, fleet);
    for (String cohort : union(known.growth().keySet(), cohorts.keySet())) {
      advance(known.growth(), cohort, againstTheRest(cohort, cohorts), fleet);
    }
    known.growth().values().removeIf(run -> run.silent() > FORGOTTEN && !run.open());
    return new Judged(caller, populations, cohorts, all);
  }

  private void advance(Map<String, GrowthRun> runs, String cohort, Growth growth, Fleet fleet) {
    GrowthRun run = runs.get(cohort);
    if (growth != null && growth.day().hosts() >= settings.minimumHosts()) {
      GrowthRun before = run == null ? GrowthRun.unknown(settings) : run;
      runs.put(cohort, before.next(fleet.bucket(), growth.day(), growth.level(), settings));
    } else if (run != null) {
      runs.put(cohort, run.nextUnseen());
    }
  }

  /** Null when there is no rest to compare with. */
  private Growth againstTheRest(String cohort, Map<String, Growth> cohorts) {
    Growth own = cohorts.get(cohort);
    Growth rest = pool(cohorts, cohort);
    if (own == null || rest == null || rest.day().hosts() < settings.minimumHosts()) {
      return null;
    }
    Moved a = own.day();
    Moved b = rest.day();
    double error = Math.hypot(a.standardError(), b.standardError());
    return new Growth(new Moved(a.age(), a.hosts(), a.mean() - b.mean(), error), own.level());
  }

  private static Growth pool(Map<String, Growth> cohorts, String without) {
    List<Moved> days = new ArrayList<>();
    double level = 0;
    double hosts = 0;
    for (Map.Entry<String, Growth> cohort : cohorts.entrySet()) {
      if (!cohort.getKey().equals(without)) {
        Growth growth = cohort.getValue();
        days.add(growth.day());
        level += growth.level() * growth.day().hosts();
        hosts += growth.day().hosts();
      }
    }
    return days.isEmpty() ? null : new Growth(together(days), level / Math.max(1, hosts));
  }

  private static long hosts(List<Moved> parts) {
    return parts.stream().mapToLong(Moved::hosts).sum();
  }

  private static Moved together(List<Moved> parts) {
    double hosts = 0;
    double sum = 0;
    double variance = 0;
    for (Moved part : parts) {
      hosts += part.hosts();
      sum += part.hosts() * part.mean();
      variance += Math.pow(part.hosts() * part.standardError(), 2);
    }
    return new Moved(
        parts.get(0).age(), Math.round(hosts), sum / hosts, Math.sqrt(variance) / hosts);
  }

  /** Whether so many purposes grow at once that it is load. */
  private boolean isRamp(List<Judged> judged, FleetMemory memory) {
    Set<String> moving = new HashSet<>();
    Set<String> growing = new HashSet<>();
    for (Judged caller : judged) {
      Growth all = caller.all();
      if (all == null
          || all.day().hosts() < settings.minimumHosts()
          || all.day().standardError() == 0) {
        continue;
      }
      String purpose = purposes.apply(caller.caller());
      String group = purpose.isEmpty() ? caller.caller() : purpose;
      moving.add(group);
      GrowthRun run = memory.of(caller.caller()).growth().get(ALL);
      if (run.path().length >= settings.seasons() / 2
          && run.z(all.day().standardError(), all.level()) >= 3) {
        growing.add(group);
      }
    }
    return growing.size() >= RAMP_PURPOSES && growing.size() >= RAMP_SHARE * moving.size();
  }

  private void speak(
      Judged caller, boolean ramp, Fleet fleet, CallerMemory known, List<FleetDetection> found) {
    boolean ofOneBuild = false;
    for (String cohort : new TreeMap<>(known.growth()).keySet()) {
      Growth growth = cohort.equals(ALL) ? null : againstTheRest(cohort, caller.cohorts());
      GrowthRun run = known.growth().get(cohort);
      if (growth == null || run.silent() > 0) {
        continue;
      }
      boolean leak = run.isLeak(growth.day(), growth.level(), settings);
      ofOneBuild |=
          run.open()
              || run.path().length > 0 && run.z(growth.day().standardError(), growth.level()) >= 3;
      if (leak || run.open() && run.goesOn(growth.day(), growth.level(), settings)) {
        known.growth().put(cohort, run.found());
        found.add(leak(caller, cohort, run, growth, true, ""));
      }
    }
    GrowthRun all = known.growth().get(ALL);
    if (all != null && caller.all() != null && all.silent() == 0) {
      boolean leak =
          !ramp && !ofOneBuild && all.isLeak(caller.all().day(), caller.all().level(), settings);
      if (leak || all.open() && all.goesOn(caller.all().day(), caller.all().level(), settings)) {
        known.growth().put(ALL, all.found());
        found.add(leak(caller, ALL, all, caller.all(), false, ""));
      }
    }
    close(caller, fleet, known, found);
  }

  /** A leak on a part of the hosts: more of them grow steadily than chance makes. */
  private void steady(
      Judged caller, boolean ramp, Fleet fleet, FleetMemory memory, List<FleetDetection> found) {
    CallerMemory known = memory.of(caller.caller());
    Steady steady = Steady.NONE;
    long hosts = 0;
    double bytes = 0;
    for (Population population : caller.populations()) {
      steady = steady.plus(population.steady());
      hosts += population.hosts();
      bytes += population.bytes();
    }
    Growers growers = known.growers().next(fleet.bucket(), steady, hosts);
    Spell spell = growers.spell();
    boolean over = spell != null && spell.isOver(settings.seasons());
    memory.callers().put(caller.caller(), known.with(over ? growers.with(null) : growers));
    boolean silent = spell == null || !spell.counts() || spell.missed() > 0 && !over;
    if (silent || isSpoken(caller, found)) {
      return;
    }
    double perDay = steady.growthBytes() / Math.max(1, steady.growing());
    if (!over && (ramp || perDay < settings.growthBytes())) {
      return;
    }
    found.add(
        new FleetLeak(
            caller.caller(),
            ALL,
            spell.sinceBucket() - settings.seasons(),
            steady.growing(),
            bytes / Math.max(1, hosts),
            perDay,
            perDay,
            growers.chance(steady, Math.max(1, hosts)).z(steady.growing(), Math.max(1, hosts)),
            List.of(0.0, perDay),
            false,
            fastest(caller, ALL),
            over ? "no more hosts grow steadily than chance makes" : ""));
  }

  private static boolean isSpoken(Judged caller, List<FleetDetection> found) {
    return found.stream()
        .anyMatch(f -> f instanceof FleetLeak && f.caller().equals(caller.caller()));
  }

  private void close(Judged caller, Fleet fleet, CallerMemory known, List<FleetDetection> found) {
    for (String cohort : new TreeMap<>(known.growth()).keySet()) {
      GrowthRun run = known.growth().get(cohort);
      boolean spoken =
          found.stream()
              .anyMatch(
                  f ->
                      f instanceof FleetLeak
                          && f.caller().equals(caller.caller())
                          && f.cohort().equals(cohort));
      if (!run.open() || spoken) {
        continue;
      }
      GrowthRun rested = run.resting();
      boolean over = rested.quiet() >= settings.seasons();
      known.growth().put(cohort, over ? rested.closed() : rested);
      if (over) {
        String why =
            rested.silent() > 0
                ? "there are no longer enough hosts that have run for a day"
                : "it has not grown for a day";
        Growth last = cohort.equals(ALL) ? caller.all() : caller.cohorts().get(cohort);
        Growth growth = last == null ? new Growth(new Moved(0, 0, 0, 0), 0) : last;
        found.add(leak(caller, cohort, rested, growth, !cohort.equals(ALL), why));
      }
    }
  }

  private static FleetLeak leak(
      Judged caller, String cohort, GrowthRun run, Growth growth, boolean onlyHere, String over) {
    List<Double> path = new ArrayList<>();
    for (double point : run.path()) {
      path.add(point);
    }
    return new FleetLeak(
        caller.caller(),
        cohort,
        run.sinceBucket(),
        growth.day().hosts(),
        growth.level(),
        run.growth(),
        growth.day().mean(),
        run.z(growth.day().standardError(), growth.level()),
        path,
        onlyHere,
        fastest(caller, cohort),
        over);
  }

  private static List<TopHost> fastest(Judged caller, String cohort) {
    List<TopHost> worst = new ArrayList<>();
    for (Population population : caller.populations()) {
      if (cohort.equals(ALL) || cohort.equals(population.cohort())) {
        worst.addAll(population.fastest());
      }
    }
    worst.sort(PopulationSum.FASTEST);
    return List.copyOf(worst.subList(0, Math.min(worst.size(), PopulationSum.TOP_HOSTS)));
  }

  private static List<String> union(Set<String> known, Set<String> now) {
    Set<String> all = new java.util.TreeSet<>(now);
    all.addAll(known);
    all.remove(ALL);
    return List.copyOf(all);
  }

  private static int clip(long days) {
    return (int) Math.min(days, Integer.MAX_VALUE);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import io.vmallocfleet.detection.fleet.ChangedCaller.Estimate;
import io.vmallocfleet.detection.fleet.FleetDetection.CallerRenamed;
import io.vmallocfleet.detection.fleet.FleetDetection.RolloutRegression;
import io.vmallocfleet.detection.fleet.Population.Change;
import io.vmallocfleet.detection.fleet.Population.Moved;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Compares kernel builds by the hosts that changed from one to the other: each with itself, before
 * the reboot and after, at the same hour. Pairs leave out what tells hosts apart (size, role, who
 * is upgraded first), which is most of the spread between them, so five hosts can show what a Welch
 * or rank test between two cohorts needs hundreds for. Over the pairs: mean of those within three
 * robust deviations of their median, and its standard error, of bytes and of factors.
 *
 * <p>What any reboot does at that uptime is subtracted where hosts rebooted into the same kernel.
 * Where none did, a host that still warms up holds less than before, not more: late, never wrong.
 *
 * <p>Before anything is a regression, costs may have shifted (Valdez et al., "FBDetect", SOSP
 * 2024): a name that appears while another disappears with as many bytes was renamed or inlined,
 * and a gain within a purpose that did not gain moved inside it.
 */
final class KernelChanges {

  /** Hosts and bytes per host of a rename worth telling: below, names change by chance. */
  private static final int MINIMUM_TOLD = 3;

  private static final double MINIMUM_BYTES = 64 << 10;

  /** Hosts that rebooted without a change, before their warm-up is subtracted. */
  private static final int MINIMUM_REBOOTED = 5;

  /** A new name holds up to that much of what the old one did; more is a regression. */
  private static final double SAME = 1.25;

  /** And at least that much of an unrelated one: the host may still warm up. */
  private static final double CLOSE = 0.3;

  /** Of two names of one thing nearly all hosts have the one before and the other after. */
  private static final double FEW = 0.2;

  private final FleetSettings settings;
  private final UnaryOperator<String> purposes;

  KernelChanges(FleetSettings settings, UnaryOperator<String> purposes) {
    this.settings = settings;
    this.purposes = purposes;
  }

  /**
   * @param callers that are new names of old callers
   * @param withKernel callers that hosts show since they changed kernel, and had not before
   */
  record Renames(Set<String> callers, Set<String> withKernel) {}

  private record Pair(String cohort, String former) {
    String key() {
      return cohort + "\0" + former;
    }
  }

  Renames judge(Fleet fleet, FleetMemory memory, List<FleetDetection> found) {
    Map<String, Pair> pairs = new TreeMap<>();
    Map<String, List<ChangedCaller>> changes = new TreeMap<>();
    for (Map.Entry<String, List<Population>> caller : fleet.callers().entrySet()) {
      List<Change> usual = rebooted(caller.getValue());
      for (Population population : caller.getValue()) {
        Map<String, List<Change>> byFormer = new TreeMap<>();
        for (Change change : population.changes()) {
          if (!change.formerCohort().equals(population.cohort())) {
            byFormer.computeIfAbsent(change.formerCohort(), f -> new ArrayList<>()).add(change);
          }
        }
        byFormer.forEach(
            (former, parts) -> {
              var pair = new Pair(population.cohort(), former);
              pairs.put(pair.key(), pair);
              changes
                  .computeIfAbsent(pair.key(), k -> new ArrayList<>())
                  .add(changed(population, parts, usual));
            });
      }
    }
    var renames = new Renames(new HashSet<>(), new HashSet<>());
    Set<String> shown = new HashSet<>();
    changes.forEach(
        (key, changed) -> judge(pairs.get(key), changed, fleet, memory, renames, shown, found));
    memory
        .common()
        .renamed()
        .keySet()
        .forEach(key -> renames.callers().add(key.substring(0, key.indexOf('\0'))));
    close(fleet, memory, shown, found);
    return renames;
  }

  private static List<Change> rebooted(List<Population> populations) {
    List<Change> all = new ArrayList<>();
    for (Population population : populations) {
      for (Change change : population.changes()) {
        if (change.formerCohort().equals(population.cohort())
            && change.moved().hosts() >= MINIMUM_REBOOTED) {
          all.add(change);
        }
      }
    }
    return all;
  }

  /**
   * All hosts of the pair, and beside them those that have run the kernel for so many days that the
   * change shows best: a caller that warms up hides it on the others.
   */
  private ChangedCaller changed(Population population, List<Change> parts, List<Change> reboots) {
    ChangedCaller all = over(population, parts, reboots);
    ChangedCaller best = all;
    for (int from = 1; from < parts.size(); from++) {
      ChangedCaller older = over(population, parts.subList(from, parts.size()), reboots);
      if (older.hosts() >= settings.minimumUpgraded() && older.z() > best.z()) {
        best = older;
      }
    }
    return best == all ? all : all.with(best);
  }

  private ChangedCaller over(Population population, List<Change> parts, List<Change> reboots) {
    double hosts = 0;
    double before = 0;
    double now = 0;
    for (Change part : parts) {
      hosts += part.moved().hosts();
      before += part.moved().hosts() * part.formerMean();
      now += part.moved().hosts() * part.nowMean();
    }
    return new ChangedCaller(
        population.caller(),
        group(population.caller()),
        Math.round(hosts),
        together(parts, reboots, Change::moved),
        together(parts, reboots, Change::ratio),
        before / hosts,
        now / hosts,
        population.fastest(),
        null);
  }

  /** Mean over all hosts, less what hosts of the same age do that only rebooted. */
  private static Estimate together(
      List<Change> parts, List<Change> reboots, Function<Change, Moved> measure) {
    double hosts = 0;
    double sum = 0;
    double variance = 0;
    for (Change part : parts) {
      Moved moved = measure.apply(part);
      if (moved == null || moved.hosts() == 0) {
        continue;
      }
      Moved usual =
          reboots.stream()
              .map(measure)
              .filter(r -> r != null && r.age() == moved.age() && r.hosts() >= MINIMUM_REBOOTED)
              .findFirst()
              .orElse(null);
      double mean = moved.mean() - (usual == null ? 0 : usual.mean());
      double error =
          usual == null
              ? moved.standardError()
              : Math.hypot(moved.standardError(), usual.standardError());
      hosts += moved.hosts();
      sum += moved.hosts() * mean;
      variance += Math.pow(moved.hosts() * error, 2);
    }
    return hosts == 0
        ? new Estimate(0, 0, 0)
        : new Estimate(Math.round(hosts), sum / hosts, Math.sqrt(variance) / hosts);
  }

  /** Purpose, else module; callers of neither are a group for themselves. */
  private String group(String caller) {
    String purpose = purposes.apply(caller);
    if (!purpose.isEmpty()) {
      return purpose;
    }
    return module(caller);
  }

  /** With its brackets; empty for the kernel itself. */
  private static String module(String caller) {
    int bracket = caller.endsWith("]") ? caller.lastIndexOf(" [") : -1;
    return bracket < 0 ? "" : caller.substring(bracket + 1);
  }

  private void judge(
      Pair pair,
      List<ChangedCaller> all,
      Fleet fleet,
      FleetMemory memory,
      Renames renames,
      Set<String> shown,
      List<FleetDetection> found) {
    Map<String, Double> gained = new HashMap<>();
    for (ChangedCaller changed : all) {
      gained.merge(changed.group(), changed.gained(), Double::sum);
    }
    Set<String> blamed = new HashSet<>();
    for (ChangedCaller changed : all) {
      if (changed.isNewName()) {
        renames.withKernel().add(changed.caller());
      }
      if (changed.gained() <= 0 && changed.shown().rise().mean() <= 0) {
        continue;
      }
      ChangedCaller former = formerName(changed, all);
      if (former != null) {
        renames.callers().add(changed.caller());
        renamed(pair, changed, former, fleet, memory, found);
      }
      boolean moved =
          former == null
              && !changed.group().isEmpty()
              && gained.get(changed.group()) <= (SAME - 1) * changed.gained();
      ChangedCaller shows = former == null ? changed.shown() : changed;
      double before =
          former == null ? shows.before() : former.before() * former.hosts() / shows.hosts();
      double rise = former == null ? shows.rise().mean() : shows.now() - before;
      double z =
          former == null ? shows.z() : ChangedCaller.z(rise, shows.rise().standardError(), before);
      if (!moved && isRise(shows.hosts(), rise, z, before)) {
        blamed.add(changed.group());
        Map<String, Spell> spells = memory.of(changed.caller()).regressions();
        shown.add(changed.caller() + "\0" + pair.key());
        regression(
            spells,
            pair.key(),
            fleet.bucket(),
            new RolloutRegression(
                changed.caller(),
                "",
                pair.cohort(),
                pair.former(),
                former == null ? "" : former.caller(),
                0,
                shows.hosts(),
                before,
                shows.now(),
                z,
                changed.worst(),
                ""),
            found);
      }
    }
    purposes(pair, all, blamed, fleet, memory, shown, found);
  }

  /** Purposes that gained over all their callers, where no caller of theirs does alone. */
  private void purposes(
      Pair pair,
      List<ChangedCaller> all,
      Set<String> blamed,
      Fleet fleet,
      FleetMemory memory,
      Set<String> shown,
      List<FleetDetection> found) {
    Map<String, List<ChangedCaller>> byPurpose = new TreeMap<>();
    for (ChangedCaller changed : all) {
      String purpose = purposes.apply(changed.caller());
      if (!purpose.isEmpty() && !blamed.contains(purpose)) {
        byPurpose.computeIfAbsent(purpose, p -> new ArrayList<>()).add(changed);
      }
    }
    byPurpose.forEach(
        (purpose, parts) -> {
          long hosts = parts.stream().mapToLong(ChangedCaller::hosts).max().orElseThrow();
          double rise = 0;
          double variance = 0;
          double before = 0;
          double now = 0;
          for (ChangedCaller part : parts) {
            double share = (double) part.hosts() / hosts;
            rise += share * part.rise().mean();
            variance += Math.pow(share * part.rise().standardError(), 2);
            before += share * part.before();
            now += share * part.now();
          }
          double error = Math.sqrt(variance);
          // Robust means do not add up where callers change names; plain ones do.
          double certain = Math.min(rise, now - before);
          double z = ChangedCaller.z(certain, error, before);
          if (parts.size() > 1 && isRise(hosts, certain, z, before)) {
            String key = purpose + "\0" + pair.key();
            shown.add("\0" + key);
            regression(
                memory.common().purposes(),
                key,
                fleet.bucket(),
                new RolloutRegression(
                    "",
                    purpose,
                    pair.cohort(),
                    pair.former(),
                    "",
                    0,
                    hosts,
                    before,
                    now,
                    z,
                    List.of(),
                    ""),
                found);
          }
        });
  }

  private boolean isRise(long hosts, double rise, double z, double before) {
    return hosts >= settings.minimumUpgraded()
        && rise >= Math.max(settings.regressionBytes(), settings.regressionShare() * before)
        && z >= settings.minimumZ();
  }

  /**
   * The caller that disappeared with as many bytes; null if none did. One of the same purpose or
   * module may have held more (the host still warms up), any other must have held about the same.
   */
  private static ChangedCaller formerName(ChangedCaller changed, List<ChangedCaller> all) {
    if (!changed.isNewName()) {
      return null;
    }
    ChangedCaller best = null;
    double closest = Double.MAX_VALUE;
    for (ChangedCaller other : all) {
      if (!other.isGone()) {
        continue;
      }
      double ratio = changed.gained() / -other.gained();
      boolean related = !changed.group().isEmpty() && changed.group().equals(other.group());
      boolean same =
          ratio <= SAME
              && ratio >= CLOSE
              && module(changed.caller()).equals(module(other.caller()))
              && Math.abs(changed.hosts() - other.hosts()) <= FEW * other.hosts();
      if (!related && !same) {
        continue;
      }
      double distance = Math.abs(Math.log(ratio)) + (related ? 0 : 0.1);
      if (distance < closest) {
        closest = distance;
        best = other;
      }
    }
    return best;
  }

  private void renamed(
      Pair pair,
      ChangedCaller changed,
      ChangedCaller former,
      Fleet fleet,
      FleetMemory memory,
      List<FleetDetection> found) {
    if (changed.hosts() < MINIMUM_TOLD || changed.now() < MINIMUM_BYTES) {
      return;
    }
    String key = changed.caller() + "\0" + pair.key() + "\0" + former.caller();
    Long first = memory.common().renamed().putIfAbsent(key, fleet.bucket());
    long since = first == null ? fleet.bucket() : first;
    long told = fleet.bucket() - since;
    if (told <= settings.seasons()) {
      found.add(
          new CallerRenamed(
              changed.caller(),
              former.caller(),
              pair.cohort(),
              pair.former(),
              since,
              changed.hosts(),
              former.before() * former.hosts() / changed.hosts(),
              changed.now(),
              told < settings.seasons() ? "" : "it has been known for a day"));
    }
  }

  private static void regression(
      Map<String, Spell> spells,
      String key,
      long bucket,
      RolloutRegression seen,
      List<FleetDetection> found) {
    Spell spell = spells.getOrDefault(key, Spell.from(bucket)).shownAgain();
    spells.put(key, spell);
    if (spell.counts()) {
      found.add(
          new RolloutRegression(
              seen.caller(),
              seen.purpose(),
              seen.cohort(),
              seen.formerCohort(),
              seen.formerCaller(),
              spell.sinceBucket(),
              seen.hosts(),
              seen.before(),
              seen.now(),
              seen.z(),
              seen.worst(),
              ""));
    }
  }

  private void close(
      Fleet fleet, FleetMemory memory, Set<String> shown, List<FleetDetection> found) {
    Map<String, CallerMemory> callers = new TreeMap<>(memory.callers());
    callers.forEach(
        (caller, known) -> close(caller, "", known.regressions(), caller + "\0", shown, found));
    close("", null, memory.common().purposes(), "\0", shown, found);
  }

  private void close(
      String caller,
      String purpose,
      Map<String, Spell> spells,
      String prefix,
      Set<String> shown,
      List<FleetDetection> found) {
    for (String key : List.copyOf(new TreeMap<>(spells).keySet())) {
      if (shown.contains(prefix + key)) {
        continue;
      }
      Spell next = spells.get(key).notShown();
      spells.put(key, next);
      boolean over = next.isOver(settings.seasons());
      if (!over) {
        continue;
      }
      spells.remove(key);
      if (next.counts()) {
        String[] parts = key.split("\0");
        boolean ofPurpose = purpose == null;
        found.add(
            new RolloutRegression(
                caller,
                ofPurpose ? parts[0] : "",
                parts[ofPurpose ? 1 : 0],
                parts[ofPurpose ? 2 : 1],
                "",
                next.sinceBucket(),
                0,
                0,
                0,
                0,
                List.of(),
                "the hosts hold what they held before, left the kernel, or have run it for a week"));
      }
    }
  }
}

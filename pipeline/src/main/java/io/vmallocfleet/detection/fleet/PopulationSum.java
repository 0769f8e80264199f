/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import io.vmallocfleet.detection.fleet.HostValues.Location;
import io.vmallocfleet.detection.fleet.PopulationPartial.ChangeOfKernel;
import io.vmallocfleet.detection.fleet.PopulationPartial.GrowthAtAge;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Sum of one caller over hosts of a cohort: of the hosts themselves, or of the sums of other tasks.
 * The order makes no difference.
 */
public final class PopulationSum {
  public static final int TOP_HOSTS = 10;

  /** More roles than a fleet has; what comes after is counted with no role. */
  static final int MAX_ROLES = 64;

  private static final int[] AGES = {0, 1, 2, 3, 4, 6, 9};
  private static final double UNIT_BYTES = 4096;

  private static final Comparator<TopHost> LARGEST =
      Comparator.comparingLong(TopHost::bytes).reversed().thenComparing(TopHost::hostId);
  static final Comparator<TopHost> FASTEST =
      Comparator.comparingLong(TopHost::growthBytes).reversed().thenComparing(TopHost::hostId);

  private record Reboot(String formerCohort, int age) {}

  private static final class Changes {
    private final HostValues values = new HostValues();
    private final HostValues ratios = new HostValues();
    private double formerBytes;
    private double bytes;
  }

  private final HostValues levels = new HostValues();
  private final HostValues[] growth = new HostValues[AGES.length];
  private final Map<Reboot, Changes> changes =
      new TreeMap<>(Comparator.comparing(Reboot::formerCohort).thenComparingInt(Reboot::age));
  private final List<TopHost> largest = new ArrayList<>();
  private final List<TopHost> fastest = new ArrayList<>();
  private final Map<String, Long> hostsByRole = new TreeMap<>();
  private long hosts;
  private Steady steady = Steady.NONE;

  /** Days that are judged together, by their first. */
  static int ageClass(int days) {
    int at = AGES.length - 1;
    while (AGES[at] > days) {
      at--;
    }
    return at;
  }

  /** Counts the host itself. */
  public void addHost(String role) {
    hosts++;
    count(role, 1);
  }

  /** Adds one caller of a host. */
  public void add(HostBucket host, int caller, String hostId, String hostname, String role) {
    int age = ageClass(host.age());
    double bytes = host.level()[caller] * UNIT_BYTES;
    double moved = 0;
    if (bytes > 0) {
      hosts++;
      levels.add(bytes);
      count(role, 1);
    }
    if (host.growth() != null) {
      moved = host.growth()[caller] * UNIT_BYTES;
      if (growth[age] == null) {
        growth[age] = new HostValues();
      }
      growth[age].add(moved);
    }
    if (host.former() != null) {
      double before = host.former()[caller] * UNIT_BYTES;
      moved = bytes - before;
      Changes sum =
          changes.computeIfAbsent(new Reboot(host.formerCohort(), AGES[age]), k -> new Changes());
      sum.values.add(moved);
      if (bytes > 0 && before > 0) {
        sum.ratios.add(Math.log(bytes / before));
      }
      sum.formerBytes += before;
      sum.bytes += bytes;
    }
    if (host.steady()[caller] >= Steady.BUCKETS) {
      steady = steady.plus(new Steady(1, 0, moved));
    } else if (host.steady()[caller] <= -Steady.BUCKETS) {
      steady = steady.plus(new Steady(0, 1, 0));
    }
    var top = new TopHost(hostId, hostname, (long) bytes, (long) moved);
    rank(largest, top, LARGEST);
    if (moved > 0) {
      rank(fastest, top, FASTEST);
    }
  }

  public void add(PopulationPartial partial) {
    hosts += partial.hosts();
    levels.add(partial.levels());
    steady = steady.plus(partial.steady());
    for (GrowthAtAge part : partial.growth()) {
      int age = ageClass(part.age());
      if (growth[age] == null) {
        growth[age] = new HostValues();
      }
      growth[age].add(part.values());
    }
    for (ChangeOfKernel part : partial.changes()) {
      Changes sum =
          changes.computeIfAbsent(new Reboot(part.formerCohort(), part.age()), k -> new Changes());
      sum.values.add(part.values());
      sum.formerBytes += part.formerBytes();
      sum.bytes += part.bytes();
      if (part.ratios() != null) {
        sum.ratios.add(part.ratios());
      }
    }
    partial.largest().forEach(host -> rank(largest, host, LARGEST));
    partial.fastest().forEach(host -> rank(fastest, host, FASTEST));
    partial.hostsByRole().forEach(this::count);
  }

  public PopulationPartial toPartial(String caller, String cohort, long bucket) {
    List<GrowthAtAge> grown = new ArrayList<>();
    for (int i = 0; i < AGES.length; i++) {
      if (growth[i] != null) {
        grown.add(new GrowthAtAge(AGES[i], growth[i].encode()));
      }
    }
    List<ChangeOfKernel> changed = new ArrayList<>();
    changes.forEach(
        (reboot, sum) ->
            changed.add(
                new ChangeOfKernel(
                    reboot.formerCohort(),
                    reboot.age(),
                    sum.values.encode(),
                    sum.formerBytes,
                    sum.bytes,
                    sum.ratios.encode())));
    return new PopulationPartial(
        caller,
        cohort,
        bucket,
        hosts,
        levels.encode(),
        grown,
        changed,
        List.copyOf(largest),
        List.copyOf(fastest),
        Map.copyOf(hostsByRole),
        steady);
  }

  /** The whole population, when all partial sums are in. */
  public Population toPopulation(String caller, String cohort, long bucket) {
    List<Population.Moved> grown = new ArrayList<>();
    for (int i = 0; i < AGES.length; i++) {
      if (growth[i] != null) {
        grown.add(moved(AGES[i], growth[i]));
      }
    }
    List<Population.Change> changed = new ArrayList<>();
    changes.forEach(
        (reboot, sum) -> {
          Population.Moved moved = moved(reboot.age(), sum.values);
          changed.add(
              new Population.Change(
                  reboot.formerCohort(),
                  moved,
                  sum.formerBytes / moved.hosts(),
                  sum.bytes / moved.hosts(),
                  moved(reboot.age(), sum.ratios)));
        });
    return new Population(
        caller,
        cohort,
        bucket,
        hosts,
        levels.sum(),
        grown,
        changed,
        List.copyOf(largest),
        List.copyOf(fastest),
        Map.copyOf(hostsByRole),
        steady,
        levels.encode());
  }

  private static Population.Moved moved(int age, HostValues values) {
    Location location = values.location();
    return new Population.Moved(age, location.hosts(), location.mean(), location.standardError());
  }

  private void count(String role, long more) {
    String known = hostsByRole.containsKey(role) || hostsByRole.size() < MAX_ROLES ? role : "";
    hostsByRole.merge(known, more, Long::sum);
  }

  private static void rank(List<TopHost> ranked, TopHost host, Comparator<TopHost> order) {
    if (ranked.size() == TOP_HOSTS && order.compare(host, ranked.get(TOP_HOSTS - 1)) >= 0) {
      return;
    }
    ranked.add(host);
    ranked.sort(order);
    if (ranked.size() > TOP_HOSTS) {
      ranked.remove(TOP_HOSTS);
    }
  }
}

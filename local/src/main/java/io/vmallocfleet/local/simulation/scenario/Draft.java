/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import io.vmallocfleet.local.simulation.Effect;
import io.vmallocfleet.local.simulation.host.HostPlan;
import io.vmallocfleet.local.simulation.host.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** A plan as it is being made, event by event. */
final class Draft {
  private final List<HostPlan> hosts;
  private final Instant start;
  private final Duration whole;
  private final Map<Integer, List<Effect>> effects = new HashMap<>();
  private final List<Incident> incidents = new ArrayList<>();
  private final Set<Integer> struck = new HashSet<>();

  Draft(List<HostPlan> hosts, Instant start, Duration whole) {
    this.hosts = hosts;
    this.start = start;
    this.whole = whole;
  }

  Instant start() {
    return start;
  }

  /** All of the time that is simulated. */
  Duration whole() {
    return whole;
  }

  Instant end() {
    return start.plus(whole);
  }

  /**
   * Hosts as the event wants them, by index; of single ones those first that nothing happens to
   * yet.
   *
   * @param appliances whether they are drawn without being asked for by role
   * @throws IllegalArgumentException if there is none
   */
  List<HostPlan> draw(Event.Where where, boolean appliances, SplittableRandom random) {
    List<HostPlan> all = new ArrayList<>();
    for (HostPlan host : hosts) {
      boolean role =
          where.role() == null
              ? host.role() != Role.APPLIANCE || appliances
              : host.role().label().equals(where.role());
      if (role
          && (where.region() == null || where.region().equals(host.region()))
          && (where.release() == null || where.release().equals(host.build().release()))) {
        all.add(host);
      }
    }
    if (all.isEmpty()) {
      throw new IllegalArgumentException(
          "none of %d hosts is %s: take more hosts".formatted(hosts.size(), where.which()));
    }
    shuffle(all, random);
    boolean single = where.share() == null && where.hosts() != null;
    if (single) {
      all.sort(Comparator.comparing(h -> struck.contains(h.index())));
    }
    int count =
        where.hosts() != null
            ? where.hosts()
            : where.share() == null
                ? all.size()
                : (int) Math.round(where.share().share() * all.size());
    List<HostPlan> chosen = all.subList(0, Math.min(Math.max(1, count), all.size()));
    if (single) {
      chosen.forEach(h -> struck.add(h.index()));
    }
    return chosen.stream().sorted(Comparator.comparing(HostPlan::index)).toList();
  }

  private static void shuffle(List<HostPlan> all, SplittableRandom random) {
    for (int i = all.size() - 1; i > 0; i--) {
      Collections.swap(all, i, random.nextInt(i + 1));
    }
  }

  void add(HostPlan host, Effect effect) {
    effects.computeIfAbsent(host.index(), h -> new ArrayList<>()).add(effect);
  }

  void add(Incident incident) {
    incidents.add(incident);
  }

  /** What has been made so far, effects as they begin. */
  FleetPlan plan() {
    Map<Integer, List<Effect>> sorted = new HashMap<>();
    effects.forEach(
        (host, of) ->
            sorted.put(host, of.stream().sorted(Comparator.comparing(Effect::from)).toList()));
    return new FleetPlan(hosts, sorted, List.copyOf(incidents));
  }
}

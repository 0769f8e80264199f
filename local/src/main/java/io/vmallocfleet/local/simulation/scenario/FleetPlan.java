/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.scenario;

import io.vmallocfleet.local.simulation.Effect;
import io.vmallocfleet.local.simulation.host.HostPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The hosts of a simulated fleet and what happens to them: scenarios for so many hosts and so much
 * time under one seed. The same arguments give the same plan.
 *
 * @param effects by index of the host
 */
public record FleetPlan(
    List<HostPlan> hosts, Map<Integer, List<Effect>> effects, List<Incident> incidents) {

  /** What a named scenario brings. */
  public record Named(String name, Scenario scenario) {}

  /** Effects on this host, as they begin. */
  public List<Effect> effects(HostPlan host) {
    return effects.getOrDefault(host.index(), List.of());
  }

  /**
   * @throws IllegalArgumentException if scenarios cannot be carried out on that fleet: a line for
   *     each event that cannot, with why
   */
  public static FleetPlan of(
      List<Named> scenarios, int hosts, Instant start, Duration duration, long seed) {
    List<HostPlan> plans = IntStream.range(0, hosts).mapToObj(i -> HostPlan.of(seed, i)).toList();
    var draft = new Draft(plans, start, duration);
    List<String> problems = new ArrayList<>();
    for (int s = 0; s < scenarios.size(); s++) {
      Named named = scenarios.get(s);
      List<Event> events = named.scenario().events();
      for (int e = 0; e < events.size(); e++) {
        String id = "%s/%d".formatted(named.name(), e + 1);
        var random = new SplittableRandom(HostPlan.mix(HostPlan.mix(seed, 1000 + s), e));
        try {
          new Happening(draft, id, events.get(e), random).take();
        } catch (IllegalArgumentException ex) {
          problems.add("%s, event %d: %s".formatted(named.name(), e + 1, ex.getMessage()));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", problems));
    }
    return draft.plan();
  }
}

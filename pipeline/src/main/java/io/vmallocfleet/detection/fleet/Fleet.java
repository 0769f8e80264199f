/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All populations of one bucket, in an order that does not depend on how they came.
 *
 * @param callers populations by caller, ascending by cohort
 * @param hosts in each cohort
 * @param roles hosts of each role
 */
record Fleet(
    long bucket,
    Map<String, List<Population>> callers,
    Map<String, Long> hosts,
    Map<String, Long> roles) {

  static Fleet of(long bucket, List<Population> populations) {
    Map<String, List<Population>> callers = new TreeMap<>();
    Map<String, Long> hosts = new TreeMap<>();
    Map<String, Long> roles = new TreeMap<>();
    for (Population population : populations) {
      if (population.caller().isEmpty()) {
        hosts.put(population.cohort(), population.hosts());
        population.hostsByRole().forEach((role, count) -> roles.merge(role, count, Long::sum));
      } else {
        callers.computeIfAbsent(population.caller(), c -> new ArrayList<>()).add(population);
      }
    }
    callers.values().forEach(list -> list.sort(Comparator.comparing(Population::cohort)));
    return new Fleet(bucket, callers, hosts, roles);
  }
}

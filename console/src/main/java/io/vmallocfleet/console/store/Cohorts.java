/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.store;

import io.vmallocfleet.schemas.Cohort;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small numbers for kernel builds, so that a host carries four bytes instead of three strings. */
final class Cohorts {
  private final List<Cohort> cohorts = new ArrayList<>();
  private final Map<Cohort, Integer> numbers = new HashMap<>();

  int number(Cohort cohort) {
    return numbers.computeIfAbsent(
        cohort,
        added -> {
          cohorts.add(added);
          return cohorts.size() - 1;
        });
  }

  Cohort cohort(int number) {
    return cohorts.get(number);
  }

  int size() {
    return cohorts.size();
  }
}

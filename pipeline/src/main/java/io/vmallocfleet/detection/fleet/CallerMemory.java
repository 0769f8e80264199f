/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.HashMap;
import java.util.Map;

/**
 * What is remembered of one caller over the fleet. The maps belong to it and are written.
 *
 * @param growth by cohort; the empty name stands for all of them
 * @param growers how many hosts usually grow steadily
 * @param curve how much hosts of an age usually grow in a day
 * @param outliers by cohort and host, those not over
 * @param regressions by cohort and the one before, those not over
 * @param firstSeen bucket by role; the empty name stands for the fleet
 * @param lastSeen bucket
 */
public record CallerMemory(
    Map<String, GrowthRun> growth,
    Growers growers,
    AgeCurve curve,
    Map<String, Spell> outliers,
    Map<String, Spell> regressions,
    Map<String, Long> firstSeen,
    long lastSeen) {

  static CallerMemory empty() {
    return new CallerMemory(
        new HashMap<>(),
        Growers.unknown(),
        AgeCurve.unknown(),
        new HashMap<>(),
        new HashMap<>(),
        new HashMap<>(),
        0);
  }

  CallerMemory with(AgeCurve newCurve) {
    return new CallerMemory(growth, growers, newCurve, outliers, regressions, firstSeen, lastSeen);
  }

  CallerMemory with(Growers newGrowers) {
    return new CallerMemory(growth, newGrowers, curve, outliers, regressions, firstSeen, lastSeen);
  }

  CallerMemory seenIn(long bucket) {
    return new CallerMemory(growth, growers, curve, outliers, regressions, firstSeen, bucket);
  }

  /** Whether nothing is pending, so that it can be forgotten once nobody shows it any more. */
  boolean isQuiet() {
    return growers.spell() == null
        && outliers.isEmpty()
        && regressions.isEmpty()
        && growth.values().stream().noneMatch(GrowthRun::open);
  }
}

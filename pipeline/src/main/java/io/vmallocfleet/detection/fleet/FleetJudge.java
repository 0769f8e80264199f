/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Judges a fleet at the end of each bucket. The same buckets in the same order give the same
 * detections, however their populations were split and ordered.
 */
public final class FleetJudge {
  private final FleetSettings settings;
  private final GrowthOfFleet growth;
  private final OutlierHosts outliers;
  private final KernelChanges kernels;
  private final NewCallers newCallers;

  /**
   * @param purposes the family of a caller, empty if it is of none
   */
  public FleetJudge(FleetSettings settings, UnaryOperator<String> purposes) {
    this.settings = settings;
    growth = new GrowthOfFleet(settings, purposes);
    outliers = new OutlierHosts(settings);
    kernels = new KernelChanges(settings, purposes);
    newCallers = new NewCallers(settings);
  }

  /**
   * What a bucket shows.
   *
   * @param bucket above that of the call before
   * @param populations of all callers and cohorts, in any order
   */
  public List<FleetDetection> judge(long bucket, List<Population> populations, FleetMemory memory) {
    Fleet fleet = Fleet.of(bucket, populations);
    memory.startedAt(bucket);
    List<FleetDetection> found = new ArrayList<>();
    growth.judge(fleet, memory, found);
    outliers.judge(fleet, memory, found);
    KernelChanges.Renames renames = kernels.judge(fleet, memory, found);
    newCallers.judge(fleet, renames, memory, found);
    forget(fleet, memory);
    return found;
  }

  private void forget(Fleet fleet, FleetMemory memory) {
    fleet
        .callers()
        .keySet()
        .forEach(c -> memory.callers().computeIfPresent(c, (k, m) -> m.seenIn(fleet.bucket())));
    long month = 30L * settings.seasons();
    memory.callers().values().removeIf(m -> fleet.bucket() - m.lastSeen() > month && m.isQuiet());
    memory.common().renamed().values().removeIf(at -> fleet.bucket() - at > month);
  }
}

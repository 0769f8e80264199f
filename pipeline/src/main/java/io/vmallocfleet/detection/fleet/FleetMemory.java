/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.HashMap;
import java.util.Map;

/**
 * What is remembered of a fleet from bucket to bucket. Mutable; whoever keeps it hands it to one
 * {@link FleetJudge} at a time.
 */
public final class FleetMemory {

  /**
   * What is about no single caller.
   *
   * @param firstBucket that was judged; -1 before
   * @param roles first bucket in which each role was seen
   * @param purposes regressions of a purpose by purpose and kernels, those not over
   * @param renamed callers that were renamed, by name and kernels: the bucket that first showed it
   */
  public record Common(
      long firstBucket,
      Map<String, Long> roles,
      Map<String, Spell> purposes,
      Map<String, Long> renamed) {
    public static Common empty() {
      return new Common(-1, new HashMap<>(), new HashMap<>(), new HashMap<>());
    }
  }

  private final Map<String, CallerMemory> callers;
  private Common common;

  public FleetMemory() {
    this(Common.empty(), new HashMap<>());
  }

  /**
   * @param callers by name; owned by this from now on
   */
  public FleetMemory(Common common, Map<String, CallerMemory> callers) {
    this.common = common;
    this.callers = callers;
  }

  public Common common() {
    return common;
  }

  public Map<String, CallerMemory> callers() {
    return callers;
  }

  void startedAt(long bucket) {
    if (common.firstBucket() < 0) {
      common = new Common(bucket, common.roles(), common.purposes(), common.renamed());
    }
  }

  CallerMemory of(String caller) {
    return callers.computeIfAbsent(caller, name -> CallerMemory.empty());
  }
}

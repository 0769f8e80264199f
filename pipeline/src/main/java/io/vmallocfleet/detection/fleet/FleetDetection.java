/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.List;

/** What the hosts together show at the end of a bucket, or that it is over. Bytes per host. */
public sealed interface FleetDetection {

  /** As hosts name it; empty where it is about a purpose. */
  String caller();

  /** Kernel build it is about; empty for all of them. */
  String cohort();

  /** Bucket in which it began, as far as can be told. */
  long sinceBucket();

  /** Why it has ended, in words for a person; empty while it is there. */
  String over();

  /**
   * A caller grows on most hosts.
   *
   * @param hosts that are compared with themselves a day ago
   * @param level what one host holds now, on average
   * @param growth per host since it began
   * @param perDay per host in the last day
   * @param z growth in standard errors, those common to all hosts included
   * @param path growth since it began, at the end of each bucket, the last 48
   * @param onlyHere whether other kernel builds were compared and do not grow with it
   */
  record FleetLeak(
      String caller,
      String cohort,
      long sinceBucket,
      long hosts,
      double level,
      double growth,
      double perDay,
      double z,
      List<Double> path,
      boolean onlyHere,
      List<TopHost> worst,
      String over)
      implements FleetDetection {

    /** As RESIN ranks (Lou et al., OSDI 2022): deviation times hosts, bytes. */
    public double fleetBytes() {
      return growth * hosts;
    }
  }

  /**
   * One host holds far more than its cohort.
   *
   * @param hosts that show the caller
   * @param median of them
   * @param z robust deviations of logarithms
   */
  record OutlierHost(
      String caller,
      String cohort,
      long sinceBucket,
      TopHost host,
      long hosts,
      double median,
      double z,
      String over)
      implements FleetDetection {}

  /**
   * Hosts hold more since they changed kernel.
   *
   * @param purpose family of callers, where it is about all of them; empty otherwise
   * @param formerCaller name it had before, where it was renamed besides; empty otherwise
   * @param hosts that changed from one to the other
   * @param before what they held
   * @param now what they hold
   */
  record RolloutRegression(
      String caller,
      String purpose,
      String cohort,
      String formerCohort,
      String formerCaller,
      long sinceBucket,
      long hosts,
      double before,
      double now,
      double z,
      List<TopHost> worst,
      String over)
      implements FleetDetection {}

  /** A caller's bytes moved to another name with a change of kernel; nothing was added. */
  record CallerRenamed(
      String caller,
      String formerCaller,
      String cohort,
      String formerCohort,
      long sinceBucket,
      long hosts,
      double before,
      double now,
      String over)
      implements FleetDetection {}

  /**
   * A caller nobody showed before.
   *
   * @param role where it was known elsewhere; empty when new in the whole fleet
   * @param withKernel whether it is only there on hosts that changed kernel
   */
  record NewCaller(
      String caller,
      String role,
      String cohort,
      long sinceBucket,
      long hosts,
      double bytes,
      boolean withKernel,
      List<TopHost> worst,
      String over)
      implements FleetDetection {}
}

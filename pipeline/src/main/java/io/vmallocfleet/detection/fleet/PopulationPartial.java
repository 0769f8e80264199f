/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * One caller on some hosts of a cohort in one bucket: what a task sends on, see {@link
 * PopulationSum}.
 *
 * @param caller empty for the hosts themselves: then there is nothing but {@code hosts} and {@code
 *     hostsByRole}
 * @param hosts that show it
 * @param levels bytes of those hosts, encoded {@link HostValues}
 * @param growth a day's growth, by the age of the hosts
 * @param changes since the boot before, by the kernel of that boot
 * @param largest hosts that hold most, at most {@link PopulationSum#TOP_HOSTS}
 * @param fastest hosts that grew or changed most
 */
public record PopulationPartial(
    String caller,
    String cohort,
    long bucket,
    long hosts,
    byte[] levels,
    List<GrowthAtAge> growth,
    List<ChangeOfKernel> changes,
    List<TopHost> largest,
    List<TopHost> fastest,
    Map<String, Long> hostsByRole,
    Steady steady) {

  /**
   * @param age one of {@link PopulationSum#ages}
   * @param values bytes a day, encoded {@link HostValues}
   */
  public record GrowthAtAge(int age, byte[] values) {}

  /**
   * @param formerCohort the same as the cohort for hosts that only rebooted
   * @param age days since the reboot, as above
   * @param values bytes now less bytes at that hour in the boot before, encoded {@link HostValues}
   * @param formerBytes sum over the hosts of what they held before
   * @param bytes sum of what they hold now
   * @param ratios natural logarithms of now over before, of the hosts that held some both times,
   *     encoded {@link HostValues}; null in the state of jobs that did not have it
   */
  public record ChangeOfKernel(
      String formerCohort,
      int age,
      byte[] values,
      double formerBytes,
      double bytes,
      @Nullable byte[] ratios) {}

  public String key() {
    return caller + "\n" + cohort;
  }
}

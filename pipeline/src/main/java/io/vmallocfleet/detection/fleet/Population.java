/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.List;
import java.util.Map;
import javax.annotation.Nullable;

/**
 * One caller over all hosts of a cohort in one bucket, boiled down to what is judged. Bytes
 * throughout.
 *
 * @param caller empty for the hosts themselves
 * @param hosts that show it
 * @param bytes sum over them
 * @param growth a day's growth, by the age of the hosts
 * @param changes since the boot before, by the kernel of that boot
 * @param levels encoded {@link HostValues}
 */
public record Population(
    String caller,
    String cohort,
    long bucket,
    long hosts,
    double bytes,
    List<Moved> growth,
    List<Change> changes,
    List<TopHost> largest,
    List<TopHost> fastest,
    Map<String, Long> hostsByRole,
    Steady steady,
    byte[] levels) {

  /**
   * How hosts of one age moved.
   *
   * @param age whole days, 4 for 4 and 5, 6 for 6 to 8, 9 for all above
   * @param mean per host, of the hosts that did nothing of their own
   * @param standardError of the mean
   */
  public record Moved(int age, long hosts, double mean, double standardError) {
    Moved less(double usual) {
      return new Moved(age, hosts, mean - usual, standardError);
    }
  }

  /**
   * How hosts changed with a reboot.
   *
   * @param formerMean what they held per host in the boot before
   * @param nowMean what they hold now
   * @param ratio mean over the hosts of the natural logarithm of now over before, and its standard
   *     error: where hosts hold very different amounts, what a kernel changes by a factor shows
   *     there; null in the state of jobs that did not have it
   */
  public record Change(
      String formerCohort, Moved moved, double formerMean, double nowMean, @Nullable Moved ratio) {}
}

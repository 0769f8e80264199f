/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

import java.util.List;
import javax.annotation.Nullable;

/**
 * One caller on the hosts that changed from one kernel build to another, each compared with itself.
 * Bytes per host.
 *
 * @param group purpose, else module
 * @param rise mean over the hosts, less what any reboot does
 * @param ratio mean of the natural logarithm of now over before, likewise
 * @param before what they held
 * @param now what they hold
 * @param settled the hosts among them that have run the kernel for so many days that the change
 *     shows best; null when these are they
 */
record ChangedCaller(
    String caller,
    String group,
    long hosts,
    Estimate rise,
    Estimate ratio,
    double before,
    double now,
    List<TopHost> worst,
    @Nullable ChangedCaller settled) {

  /** Kernels differ by that much, as a share, in what nobody would call a regression. */
  static final double SYSTEMATIC = 0.02;

  private static final double GONE = 0.1;

  /**
   * @param hosts it is judged by
   */
  record Estimate(long hosts, double mean, double standardError) {}

  ChangedCaller with(@Nullable ChangedCaller newSettled) {
    return new ChangedCaller(caller, group, hosts, rise, ratio, before, now, worst, newSettled);
  }

  /** The hosts on which the change shows best. */
  ChangedCaller shown() {
    return settled == null ? this : settled;
  }

  boolean isNewName() {
    return now > 0 && before <= GONE * now;
  }

  boolean isGone() {
    return before > 0 && now <= GONE * before;
  }

  double gained() {
    return (now - before) * hosts;
  }

  /**
   * Standard errors at which the rise lies from nothing, as bytes or as a factor, whichever shows
   * it better. Hosts that hold three and three hundred MiB agree on a factor, and their bytes do
   * not show it. Factors of few hosts are held to Student's t.
   */
  double z() {
    double factor = ratio.mean() / Math.hypot(ratio.standardError(), SYSTEMATIC);
    double byFactor = factor <= 0 ? 0 : StudentT.asNormal(factor, Math.max(0, ratio.hosts() - 1));
    return Math.max(z(rise.mean(), rise.standardError(), before), byFactor);
  }

  static double z(double rise, double error, double before) {
    return rise / Math.max(1, Math.hypot(error, SYSTEMATIC * before));
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest.evaluation;

import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * Events per host and day, with the exact 95 % interval of F. Garwood, "Fiducial limits for the
 * Poisson distribution", Biometrika 28, 1936: the mean count lies between χ²(0.025; 2n)/2, which is
 * 0 for n = 0, and χ²(0.975; 2n + 2)/2. It holds for events that come independently; alerts of one
 * bad rollout do not, and then it is too narrow.
 *
 * @param hostDays hosts times days watched, above 0
 */
public record Rate(long events, double hostDays, double perHostDay, double low, double high) {
  private static final double TAIL = 0.025;

  public static Rate of(long events, double hostDays) {
    if (events < 0 || !(hostDays > 0)) {
      throw new IllegalArgumentException(
          "%d events in %s host-days is no rate".formatted(events, hostDays));
    }
    double low = events == 0 ? 0 : quantile(TAIL, 2.0 * events) / 2;
    double high = quantile(1 - TAIL, 2.0 * events + 2) / 2;
    return new Rate(events, hostDays, events / hostDays, low / hostDays, high / hostDays);
  }

  private static double quantile(double probability, double degreesOfFreedom) {
    return new ChiSquaredDistribution(degreesOfFreedom).inverseCumulativeProbability(probability);
  }
}

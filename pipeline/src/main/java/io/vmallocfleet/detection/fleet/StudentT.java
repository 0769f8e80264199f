/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.fleet;

/**
 * What few hosts cost: their standard error is a guess itself, so a mean of ten hosts lies five of
 * its own errors off far more often than one of a thousand does.
 *
 * <p>Wallace's approximation of Student's t by the normal distribution (D. L. Wallace, "Bounds on
 * Normal Approximations to Student's and the Chi-Square Distributions", 1959), solved for t; within
 * one percent from three degrees of freedom on.
 */
final class StudentT {
  private StudentT() {}

  /**
   * The t that is as rare as a z of the normal distribution.
   *
   * @param z from 0
   * @param freedom degrees of freedom, from 1
   */
  static double asRareAs(double z, long freedom) {
    double n = Math.max(1, freedom);
    double scaled = z * (8 * n + 3) / (8 * n + 1);
    return Math.sqrt(n * Math.expm1(scaled * scaled / n));
  }

  /**
   * The z of the normal distribution that is as rare as a t; 0 where nothing is known.
   *
   * @param t from 0
   * @param freedom degrees of freedom
   */
  static double asNormal(double t, long freedom) {
    if (freedom < 1) {
      return 0;
    }
    double n = freedom;
    return (8 * n + 1) / (8 * n + 3) * Math.sqrt(n * Math.log1p(t * t / n));
  }
}

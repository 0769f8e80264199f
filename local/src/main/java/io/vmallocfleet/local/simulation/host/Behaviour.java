/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

/**
 * How the number of a caller's areas moves. All levels are multiplied by lognormal noise whose
 * logarithm is autocorrelated (an AR(1) process with heavy-tailed innovations), and, where {@code
 * walkSigma} is above 0, by a second one with a time constant of days: the slow wandering that
 * looks like a leak to whoever watches for a day.
 *
 * <p>The figures are set by judgement, so that a service's weekly wandering is of the size of a
 * slow leak; captures of one moment cannot tell them.
 */
enum Behaviour {
  /** Made at boot and kept. */
  STATIC(0, 0, 1, 0, 0, 0),
  /** Follows the load of the host: threads, descriptor tables. */
  LOAD(0.5, 0.05, 0.4, 0.02, 0.2, 0.3),
  /** Follows what is deployed: programs, maps, containers. */
  SERVICE(0.08, 0.03, 2, 0.07, 0.04, 0.5),
  /** Comes and goes with people and jobs: terminals, virtual machines. */
  SESSION(0.7, 0.25, 1, 0.05, 0.3, 0.3),
  /** Fills after boot for hours or days, then stays. */
  CACHE(0.05, 0.02, 3, 0.03, 0.02, 24),
  /** There for a moment: buffers of one request. */
  TRANSIENT(0.4, 0, 1, 0, 1, 0);

  /** Time constant of the slow wandering, hours. */
  static final double WALK_HOURS = 60;

  /** Share of the level that follows the load, 0 to 1. */
  final double loadShare;

  /** Standard deviation of the noise, of the logarithm. */
  final double noiseSigma;

  /** Time constant of the noise, hours. */
  final double noiseHours;

  /** Standard deviation of the slow wandering, of the logarithm. */
  final double walkSigma;

  /** Share of the areas replaced in an hour by others of the same kind. */
  final double turnover;

  /** Time constant of the approach to the level after a boot, hours; 0 is at once. */
  final double warmupHours;

  Behaviour(
      double loadShare,
      double noiseSigma,
      double noiseHours,
      double walkSigma,
      double turnover,
      double warmupHours) {
    this.loadShare = loadShare;
    this.noiseSigma = noiseSigma;
    this.noiseHours = noiseHours;
    this.walkSigma = walkSigma;
    this.turnover = turnover;
    this.warmupHours = warmupHours;
  }
}

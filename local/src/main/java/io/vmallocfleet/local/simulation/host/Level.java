/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation.host;

import java.util.SplittableRandom;

/**
 * The level of one caller on one host over time, as a number of areas:
 *
 * <pre>mean · load^share · exp(noise + walk) · (1 - exp(-uptime / warm-up))</pre>
 *
 * where noise and walk are AR(1) processes, x ← φx + √(1-φ²)e with φ = exp(-Δt/τ), and e is normal
 * but in one step of thirty four times as wide.
 */
final class Level {
  private static final double WIDE_SHARE = 1.0 / 30;
  private static final double WIDE = 4;
  private static final double UNIT = Math.sqrt(1 - WIDE_SHARE + WIDE_SHARE * WIDE * WIDE);

  /** Time constants after which nothing is left to fill. */
  private static final double FILLED = 40;

  private final Behaviour behaviour;
  private final double mean;
  private final double warmupHours;
  private double noise;
  private double walk;

  /**
   * @param mean areas at usual load
   * @param patience factor on the time to warm up
   */
  Level(Behaviour behaviour, double mean, double patience, SplittableRandom random) {
    this.behaviour = behaviour;
    this.mean = mean;
    this.warmupHours = behaviour.warmupHours * patience;
    this.noise = behaviour.noiseSigma * random.nextGaussian();
    this.walk = behaviour.walkSigma * random.nextGaussian();
  }

  /**
   * Lives on for one step.
   *
   * @param pace of its behaviour in that step
   * @param load of the host, 1 at the mean of a day
   * @param uptimeHours since the host booted
   */
  double after(Pace pace, double load, double uptimeHours, SplittableRandom random) {
    if (behaviour == Behaviour.STATIC) {
      return mean;
    }
    noise = behaviour.noiseSigma == 0 ? 0 : pace.noise().step(noise, innovation(random));
    walk = behaviour.walkSigma == 0 ? 0 : pace.walk().step(walk, innovation(random));
    return mean
        * (1 + behaviour.loadShare * (load - 1))
        * Math.exp(noise + walk)
        * warm(uptimeHours);
  }

  private double warm(double uptimeHours) {
    boolean filled = uptimeHours >= FILLED * warmupHours; // the rest is below a rounding of 1
    return filled ? 1 : 1 - 0.8 * Math.exp(-uptimeHours / warmupHours);
  }

  private static double innovation(SplittableRandom random) {
    double e = random.nextGaussian() / UNIT;
    return random.nextDouble() < WIDE_SHARE ? WIDE * e : e;
  }
}

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
   * Lives on for that long.
   *
   * @param load of the host, 1 at the mean of a day
   * @param uptimeHours since the host booted
   */
  double after(double hours, double load, double uptimeHours, SplittableRandom random) {
    if (behaviour == Behaviour.STATIC) {
      return mean;
    }
    noise = step(noise, behaviour.noiseSigma, hours / behaviour.noiseHours, random);
    walk = step(walk, behaviour.walkSigma, hours / Behaviour.WALK_HOURS, random);
    double warm = warmupHours == 0 ? 1 : 1 - 0.8 * Math.exp(-uptimeHours / warmupHours);
    return mean * (1 + behaviour.loadShare * (load - 1)) * Math.exp(noise + walk) * warm;
  }

  private static double step(double x, double sigma, double time, SplittableRandom random) {
    if (sigma == 0) {
      return 0;
    }
    double phi = Math.exp(-time);
    return phi * x + sigma * Math.sqrt(1 - phi * phi) * innovation(random);
  }

  private static double innovation(SplittableRandom random) {
    double e = random.nextGaussian() / UNIT;
    return random.nextDouble() < WIDE_SHARE ? WIDE * e : e;
  }
}

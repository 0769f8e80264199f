/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulate;

import io.vmallocfleet.local.simulation.host.HostPlan;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.SplittableRandom;

/**
 * The load of one region over time, 1 in the mean of a working day: a wave with its peak at four in
 * the afternoon there, less at weekends, and noise with a time constant of three hours that all its
 * hosts share.
 */
final class RegionLoad {
  private static final double WAVE = 0.35;
  private static final double PEAK_HOUR = 16;
  private static final double WEEKEND = 0.8;
  private static final double SIGMA = 0.06;
  private static final double HOURS = 3;

  private final double utcOffsetHours;
  private final SplittableRandom random;
  private double noise;

  RegionLoad(double utcOffsetHours, long seed) {
    this.utcOffsetHours = utcOffsetHours;
    this.random = new SplittableRandom(HostPlan.mix(seed, (long) (10 * utcOffsetHours)));
  }

  /** The load then, so many hours after it was last asked for. */
  double at(Instant now, double hours) {
    double phi = Math.exp(-hours / HOURS);
    noise = phi * noise + SIGMA * Math.sqrt(1 - phi * phi) * random.nextGaussian();
    Instant local = now.plusMillis((long) (utcOffsetHours * 3_600_000));
    double hour = (local.getEpochSecond() % 86_400) / 3600.0;
    DayOfWeek day = local.atOffset(ZoneOffset.UTC).getDayOfWeek();
    boolean weekend = day == DayOfWeek.SATURDAY || day == DayOfWeek.SUNDAY;
    double wave = 1 + WAVE * Math.cos(2 * Math.PI * (hour - PEAK_HOUR) / 24);
    return wave * (weekend ? WEEKEND : 1) * Math.exp(noise);
  }
}

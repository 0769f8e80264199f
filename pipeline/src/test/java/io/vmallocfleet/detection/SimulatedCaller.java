/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;

/**
 * Series a caller may show, one value a quarter of an hour, in MiB. StrictMath throughout, and
 * seeds hashed, so that every machine draws the same numbers and no two keys are alike.
 */
final class SimulatedCaller {

  static final long WINDOW_MILLIS = 900_000;
  static final int WINDOWS_PER_DAY = 96;

  private final SplittableRandom random;

  SimulatedCaller(long seed) {
    random = new SplittableRandom(mixed(seed));
  }

  /** Finalizer of MurmurHash3: neighbouring seeds give unrelated streams. */
  private static long mixed(long seed) {
    long z = (seed + 1) * 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }

  IntToDoubleFunction level(double mib) {
    return window -> mib;
  }

  IntToDoubleFunction whiteNoise(double sigma) {
    return window -> sigma * gaussian();
  }

  /** First-order autoregression; the correlation falls to 1/e within the given days. */
  IntToDoubleFunction autocorrelated(double sigma, double days) {
    double keep = StrictMath.exp(-1 / (days * WINDOWS_PER_DAY));
    double fresh = sigma * StrictMath.sqrt(1 - keep * keep);
    double[] state = {sigma * gaussian()};
    return window -> state[0] = keep * state[0] + fresh * gaussian();
  }

  /** A day's wave, its crest at a random hour. */
  IntToDoubleFunction dailyWave(double amplitude) {
    double crest = random.nextDouble();
    double[] day = new double[WINDOWS_PER_DAY];
    for (int i = 0; i < day.length; i++) {
      day[i] = amplitude * StrictMath.sin(2 * StrictMath.PI * ((double) i / day.length + crest));
    }
    return window -> day[window % day.length];
  }

  IntToDoubleFunction randomWalk(double sigmaPerSquareRootDay) {
    double step = sigmaPerSquareRootDay / StrictMath.sqrt(WINDOWS_PER_DAY);
    double[] state = {0};
    return window -> state[0] += step * gaussian();
  }

  /** One step up, at a random time from the second day on. */
  IntToDoubleFunction step(double mib, int days) {
    int at = random.nextInt(WINDOWS_PER_DAY, days * WINDOWS_PER_DAY);
    return window -> window < at ? 0 : mib;
  }

  /** Fills like a capacitor from the boot on. */
  IntToDoubleFunction fillingCache(double mib, double days) {
    double keep = StrictMath.exp(-1 / (days * WINDOWS_PER_DAY));
    double[] missing = {mib};
    return window -> mib - (missing[0] *= keep);
  }

  IntToDoubleFunction sawtooth(double mib, double days) {
    double phase = random.nextDouble();
    return window -> {
      double teeth = window / (days * WINDOWS_PER_DAY) + phase;
      return mib * (teeth - StrictMath.floor(teeth));
    };
  }

  /** On for a while, off for as long. */
  IntToDoubleFunction job(double mib, double daysOn) {
    IntToDoubleFunction tooth = sawtooth(1, 2 * daysOn);
    return window -> tooth.applyAsDouble(window) < 0.5 ? mib : 0;
  }

  /** Single windows far above the rest, about once a day. */
  IntToDoubleFunction spikes(double mib) {
    return window -> random.nextInt(WINDOWS_PER_DAY) == 0 ? mib : 0;
  }

  IntToDoubleFunction leak(double mibPerDay, double onsetDay) {
    return window -> Math.max(0, mibPerDay * ((double) window / WINDOWS_PER_DAY - onsetDay));
  }

  static IntToDoubleFunction sum(IntToDoubleFunction... parts) {
    return window -> {
      double sum = 0;
      for (IntToDoubleFunction part : parts) {
        sum += part.applyAsDouble(window);
      }
      return sum;
    };
  }

  /** Nearly normal: the sum of twelve uniform draws has variance 1 (Irwin and Hall, 1927). */
  private double gaussian() {
    double sum = -6;
    for (int i = 0; i < 12; i++) {
      sum += random.nextDouble();
    }
    return sum;
  }
}

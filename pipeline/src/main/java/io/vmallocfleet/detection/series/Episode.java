/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection.series;

import java.nio.ByteBuffer;

/**
 * Gives the beginning of an anomaly more weight than its rest: an episode begins with a surprise of
 * {@link #BEGINS_AT}, and what follows is pressed down towards {@link #REST}, still above what a
 * quiet series shows, unless it is ten times rarer than all before it. Whoever is told at a
 * threshold is told once. The next episode can begin when {@link #CALM} quiet points have passed.
 */
final class Episode {
  static final int BYTES = Float.BYTES + 3 * Byte.BYTES;

  private static final double BEGINS_AT = 3;
  private static final double REST = 2.5;
  private static final double QUIET = 1.5;
  private static final int CALM = 24;
  private static final double PRESSED = 0.6;
  private static final double LEAST_PRESSED = 0.15;

  /** A point counts less for what is usual as long as this many points before it were unusual. */
  private static final int DISTURBED_POINTS = 13;

  /** Highest surprise of the episode; 0 between episodes. */
  private float peak;

  private byte sincePeak;
  private byte quiet;
  private byte disturbed;

  static Episode read(ByteBuffer state) {
    var episode = new Episode();
    episode.peak = state.getFloat();
    episode.sincePeak = state.get();
    episode.quiet = state.get();
    episode.disturbed = state.get();
    return episode;
  }

  void write(ByteBuffer state) {
    state.putFloat(peak).put(sincePeak).put(quiet).put(disturbed);
  }

  /** Whether an unusual point came a moment ago. */
  boolean disturbed() {
    return disturbed > 0;
  }

  double weighted(double surprise) {
    disturbed = (byte) (surprise > REST ? DISTURBED_POINTS : Math.max(0, disturbed - 1));
    if (surprise >= BEGINS_AT && (peak == 0 || surprise > peak + 1)) {
      peak = (float) surprise;
      sincePeak = 0;
      quiet = 0;
      return surprise;
    }
    if (peak == 0) {
      return surprise;
    }
    sincePeak = (byte) Math.min(Byte.MAX_VALUE, sincePeak + 1);
    quiet = (byte) (surprise < QUIET ? quiet + 1 : 0);
    if (quiet > CALM) {
      peak = 0;
    }
    return surprise <= REST
        ? surprise
        : REST + (surprise - REST) * Math.max(LEAST_PRESSED, Math.pow(PRESSED, sincePeak));
  }
}

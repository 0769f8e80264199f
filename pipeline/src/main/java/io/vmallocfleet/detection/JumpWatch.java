/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import io.vmallocfleet.detection.series.SeriesDetector;
import java.util.List;
import java.util.Optional;
import javax.annotation.Nullable;

/**
 * Watches what one caller holds on one host for steps. Immutable, no clock: the same windows give
 * the same jumps. Whoever keeps watches drops them at a new boot id.
 *
 * <p>A window far above what its {@link SeriesDetector} expects begins a rise. If it lasts it is a
 * jump, told in every window until the bytes fall back or are the new level; if not, it was a spike
 * and nobody hears of it.
 *
 * @param series state of the detector
 * @param baselineBytes what was expected when the rise began
 * @param neededBytes by how much it had to exceed that
 * @param sinceMillis start of the window in which it began
 * @param raised windows since then; 0 without a rise
 * @param robustZ the rise at its beginning in robust standard deviations
 * @param surprise highest since then
 */
public record JumpWatch(
    byte[] series,
    long baselineBytes,
    long neededBytes,
    long sinceMillis,
    int raised,
    float robustZ,
    float surprise) {

  /** Most bytes a watch takes. */
  public static final int STATE_BYTES =
      SeriesDetector.STATE_BYTES + 3 * Long.BYTES + Integer.BYTES + 2 * Float.BYTES;

  /** Smallest deviation: the smallest base page. */
  private static final double PAGE_BYTES = 4096;

  /** A caller nobody has seen yet on a host nobody has seen yet. */
  public static JumpWatch unknown() {
    return quiet(new SeriesDetector());
  }

  /**
   * A caller that turns up on a host already watched: it held nothing in all those windows, so
   * turning up large is a jump.
   *
   * @param windows seen of the host in this boot, from 0
   * @param windowStartMillis start of the window in which it turns up
   */
  public static JumpWatch absentFor(
      int windows, long windowStartMillis, long windowMillis, JumpSettings settings) {
    SeriesDetector detector = new SeriesDetector();
    for (int before = Math.min(windows, settings.warmUp()); before > 0; before--) {
      detector.observe(windowStartMillis - before * windowMillis, 0);
    }
    return quiet(detector);
  }

  private static JumpWatch quiet(SeriesDetector detector) {
    return new JumpWatch(detector.state(), 0, 0, 0, 0, 0, 0);
  }

  /**
   * Takes the next window.
   *
   * @param windowStartMillis start of the window, above that of the one before
   * @param bytes memory the caller held, from 0
   */
  public Observation observe(long windowStartMillis, long bytes, JumpSettings settings) {
    SeriesDetector detector = SeriesDetector.of(series);
    double expected = Math.max(0, detector.expected(windowStartMillis));
    double deviation = Math.max(PAGE_BYTES, detector.deviation());
    double last = detector.last();
    boolean warm = detector.points() >= settings.warmUp();
    float now = (float) detector.observe(windowStartMillis, bytes);
    if (raised == 0) {
      double needed =
          Math.max(
              Math.max(settings.floorBytes(), settings.minimumRatio() * expected),
              settings.minimumDeviations() * deviation);
      // What has come up bit by bit is no step, however far it is above the usual level.
      boolean step = bytes - last >= settings.stepShare() * needed;
      return warm && step && bytes - expected >= needed
          ? begun(detector, windowStartMillis, bytes, expected, needed, deviation, now, settings)
          : new Observation(quiet(detector), null, Optional.empty());
    }
    if (bytes - baselineBytes < neededBytes / 2) {
      return new Observation(quiet(detector), null, ended("it fell back", settings));
    }
    if (raised >= settings.settled()) {
      detector.acceptLevel(windowStartMillis);
      return new Observation(
          quiet(detector), null, ended("it has become the usual level", settings));
    }
    JumpWatch next =
        new JumpWatch(
            detector.state(),
            baselineBytes,
            neededBytes,
            sinceMillis,
            raised + 1,
            robustZ,
            Math.max(surprise, now));
    return new Observation(next, next.jump(bytes, settings), Optional.empty());
  }

  private static Observation begun(
      SeriesDetector detector,
      long windowStartMillis,
      long bytes,
      double expected,
      double needed,
      double deviation,
      float surprise,
      JumpSettings settings) {
    float robustZ = (float) ((bytes - expected) / deviation);
    JumpWatch next =
        new JumpWatch(
            detector.state(),
            (long) expected,
            (long) needed,
            windowStartMillis,
            1,
            robustZ,
            surprise);
    return new Observation(next, next.jump(bytes, settings), Optional.empty());
  }

  private Optional<String> ended(String why, JumpSettings settings) {
    return raised >= settings.persistence() ? Optional.of(why) : Optional.empty();
  }

  private @Nullable Detection.Jump jump(long bytes, JumpSettings settings) {
    return raised < settings.persistence()
        ? null
        : new Detection.Jump(
            sinceMillis,
            baselineBytes,
            bytes - baselineBytes,
            robustZ,
            surprise,
            surprise >= settings.ticketSurprise(),
            List.of(baselineBytes, bytes));
  }

  /** The jump as last told, for the word that it is over; empty when none was told. */
  public Optional<Detection.Jump> told(long bytes, JumpSettings settings) {
    return Optional.ofNullable(jump(bytes, settings));
  }

  /** Whether there is nothing to remember of a caller that is gone. */
  public boolean holdsLessThan(long bytes) {
    return raised == 0 && SeriesDetector.of(series).expected(sinceMillis) < bytes;
  }

  /**
   * The watch after a window, and what it shows there.
   *
   * @param jump null without one
   * @param endedBecause why the jump told before is over, if it is
   */
  public record Observation(
      JumpWatch next, @Nullable Detection.Jump jump, Optional<String> endedBecause) {}
}

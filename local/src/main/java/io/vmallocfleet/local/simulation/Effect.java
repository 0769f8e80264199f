/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.simulation;

import io.vmallocfleet.schemas.snapshot.Region;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * One thing that happens to one simulated host beside its usual life. A scenario is compiled to
 * these; the host carries them out and knows nothing of incidents or labels.
 */
public sealed interface Effect {
  Instant from();

  /** When it is over; what lasts for good never is. */
  default Instant until() {
    return Instant.MAX;
  }

  /**
   * Areas that are never given back until the end, when all of them are, or until a reboot, after
   * which it goes on. Comes faster and slower with the load and by chance.
   *
   * @param until when they are freed; {@link Instant#MAX} for never
   * @param mostBytes no more than this is taken, because a limit of the kernel forbids it
   * @param areaPages pages of one area, from 1
   */
  record Leak(
      String function,
      String module,
      Region region,
      Instant from,
      Instant until,
      double bytesPerHour,
      long mostBytes,
      int areaPages)
      implements Effect {}

  /** Bytes taken at once and given back at once: a jump, a spike, a one-off step. */
  record Step(
      String function,
      String module,
      Region region,
      Instant from,
      Instant until,
      long bytes,
      int areaPages)
      implements Effect {}

  /** A cache that fills: {@code bytes (1 - exp(-t / timeConstant))}. */
  record Fill(
      String function,
      String module,
      Region region,
      Instant from,
      Instant until,
      long bytes,
      Duration timeConstant,
      int areaPages)
      implements Effect {}

  /** So many areas of a caller of the host's own life are replaced by others every hour. */
  record Churn(String function, String module, Instant from, Instant until, double areasPerHour)
      implements Effect {}

  /** The level of a caller of the host's own life is multiplied, as a deployment does. */
  record Scale(String function, String module, Instant from, Instant until, double factor)
      implements Effect {}

  /** The host restarts and warms up. */
  record Reboot(Instant from) implements Effect {}

  /**
   * The host restarts into another kernel build.
   *
   * @param renamed new function names by old ones: inlined or renamed in that build
   * @param scaled factors on the level of a caller in the new build, by its new name
   */
  record Upgrade(
      Instant from,
      String kernelRelease,
      String kernelBuild,
      Map<String, String> renamed,
      Map<String, Double> scaled)
      implements Effect {}

  /** The host is not there before this. */
  record Join(Instant from) implements Effect {}

  /** The host is gone from this on. */
  record Leave(Instant from) implements Effect {}

  /** The agent sends nothing. */
  record Silent(Instant from, Instant until) implements Effect {}

  /** The agent sends signs of life without areas. */
  record Blind(Instant from, Instant until, String reason) implements Effect {}

  /** The host's clock is off; positive is ahead. */
  record Skew(Instant from, Instant until, Duration offset) implements Effect {}

  /** That share of its snapshots is delivered twice, from 0 to 1. */
  record Duplicates(Instant from, Instant until, double share) implements Effect {}

  /** That share of its snapshots is delivered up to {@code delay} late, from 0 to 1. */
  record Reordered(Instant from, Instant until, double share, Duration delay) implements Effect {}

  /** That share of its snapshots never arrives, though the agent counts them, from 0 to 1. */
  record Lost(Instant from, Instant until, double share) implements Effect {}

  /** Every snapshot reports that many lines it could not parse. */
  record Unparsed(Instant from, Instant until, int lines) implements Effect {}

  /**
   * The region is filled with areas of {@code areaPages} pages to {@code share} of its span in the
   * first half of the time, and every second one is freed in the quarter after, so that much is
   * free in holes too small.
   */
  record Shatter(
      String function,
      String module,
      Region region,
      Instant from,
      Instant until,
      double share,
      int areaPages)
      implements Effect {}
}

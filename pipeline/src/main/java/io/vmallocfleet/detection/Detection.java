/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.List;

/** What a {@link CallerHistory} or a {@link JumpWatch} shows at the end of a window. */
public sealed interface Detection {

  /** Estimated beginning, milliseconds since the epoch. */
  long sinceMillis();

  /** What the caller held before, bytes. */
  long baselineBytes();

  /** The values judged, oldest first, bytes. */
  List<Long> series();

  /**
   * A caller's bytes rose in one step and stay there. Given in every window in which they do, until
   * they are the new level.
   *
   * @param sinceMillis start of the first window on the new level
   * @param baselineBytes what was expected there
   * @param stepBytes what it holds above that
   * @param robustZ the rise at its first window in robust standard deviations; a series that stood
   *     still counts as one with a deviation of 4 KiB
   * @param surprise highest since then, see {@link
   *     io.vmallocfleet.detection.series.SeriesDetector#observe}
   * @param loud whether that is enough for more than a list
   * @param series before and now
   */
  record Jump(
      long sinceMillis,
      long baselineBytes,
      long stepBytes,
      double robustZ,
      double surprise,
      boolean loud,
      List<Long> series)
      implements Detection {

    public Jump {
      series = List.copyOf(series);
    }
  }

  /**
   * A caller's bytes keep growing. Given in every window in which it still holds.
   *
   * @param sinceMillis start of the last bucket on the low level, as first confirmed
   * @param baselineBytes the level it grew from: median of the first third of the buckets, or of
   *     the line it rises on
   * @param growthBytes from there to the median of the last third, or to the end of the line
   * @param bytesPerHour rate of growth: slope of the line
   * @param score for growth over days, z of Kendall's test; over hours, {@link
   *     HockeyStick#straightness}
   * @param stepMillis length of a bucket
   * @param series smallest value a bucket; a bucket without a window repeats the one before
   */
  record Leak(
      long sinceMillis,
      long baselineBytes,
      long growthBytes,
      double bytesPerHour,
      double score,
      long stepMillis,
      List<Long> series)
      implements Detection {

    public Leak {
      series = List.copyOf(series);
    }
  }
}

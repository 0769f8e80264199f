/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.detection;

import java.util.ArrayList;
import java.util.List;

/** Feeds a history window by window and keeps what it reported. */
final class Windows {

  static final long MIB = 1 << 20;

  private final DetectionSettings settings;
  private final long windowMillis;
  private final List<Detection.Leak> leaks = new ArrayList<>();
  private final List<Detection.Leak> surges = new ArrayList<>();
  private CallerHistory history;
  private long nextMillis;

  Windows(CallerHistory history, DetectionSettings settings, long windowMillis) {
    this.history = history;
    this.settings = settings;
    this.windowMillis = windowMillis;
  }

  static Windows ofOneMinute() {
    return new Windows(CallerHistory.unknown(), DetectionSettings.DEFAULTS, 60_000);
  }

  /** One window a bucket, so that each value is a bucket minimum. */
  static Windows ofOneBucket() {
    return new Windows(
        CallerHistory.unknown(),
        DetectionSettings.DEFAULTS,
        GrowthSettings.DEFAULTS.bucket().toMillis());
  }

  /** The next windows, MiB each. */
  Windows mib(double... values) {
    for (double value : values) {
      CallerHistory.Observation observation =
          history.observe(nextMillis, (long) (value * MIB), settings);
      history = observation.next();
      if (observation.growth() != null) {
        leaks.add(observation.growth());
      }
      if (observation.surge() != null) {
        surges.add(observation.surge());
      }
      nextMillis += windowMillis;
    }
    return this;
  }

  /** As many windows of one value, MiB. */
  Windows steady(int windows, double value) {
    for (int i = 0; i < windows; i++) {
      mib(value);
    }
    return this;
  }

  /** Windows in which the host was not seen. */
  Windows silent(int windows) {
    nextMillis += windows * windowMillis;
    return this;
  }

  CallerHistory history() {
    return history;
  }

  List<Detection.Leak> leaks() {
    return leaks;
  }

  List<Detection.Leak> surges() {
    return surges;
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import io.vmallocfleet.detection.CallerHistory;
import io.vmallocfleet.detection.DetectionSettings;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One window of one caller, when its history is full: what the pipeline does most. */
@State(Scope.Thread)
public class HistoryBenchmark {

  private static final long WINDOW_MILLIS = 60_000;
  private static final int WINDOWS = 20_000;
  private static final int CALLERS = 256;

  private final CallerHistory[] histories = new CallerHistory[CALLERS];
  private final Random random = new Random(1);
  private int next;
  private long bytes;

  @Setup
  public void setUp() {
    for (int caller = 0; caller < CALLERS; caller++) {
      histories[caller] = full();
    }
  }

  /** A caller that holds some megabytes, a little more or less of them each time. */
  private CallerHistory full() {
    CallerHistory history = CallerHistory.unknown();
    for (int window = 1; window < WINDOWS; window++) {
      bytes = (2_000 + random.nextInt(500)) * 4096L;
      history = history.observe(window * WINDOW_MILLIS, bytes, DetectionSettings.DEFAULTS).next();
    }
    return history;
  }

  @Benchmark
  public CallerHistory.Observation observe() {
    next = (next + 1) % CALLERS;
    return histories[next].observe(WINDOWS * WINDOW_MILLIS, bytes, DetectionSettings.DEFAULTS);
  }
}

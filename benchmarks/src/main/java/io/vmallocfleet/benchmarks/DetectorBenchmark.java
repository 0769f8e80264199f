/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.benchmarks;

import io.vmallocfleet.detection.JumpSettings;
import io.vmallocfleet.detection.JumpWatch;
import io.vmallocfleet.detection.series.SeriesDetector;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One point of one series: by itself, and as the job does it, out of its state and back. */
@State(Scope.Thread)
public class DetectorBenchmark {
  private static final long MINUTE = 60_000;
  private static final int POINTS = 20_000;

  private final long[] values = new long[POINTS];
  private SeriesDetector detector;
  private JumpWatch watch;
  private int next;

  @Setup
  public void setUp() {
    Random random = new Random(1);
    detector = new SeriesDetector();
    watch = JumpWatch.unknown();
    for (int i = 0; i < POINTS; i++) {
      values[i] = (2_000 + random.nextInt(500)) * 4096L;
      detector.observe(i * MINUTE, values[i]);
      watch = watch.observe(i * MINUTE, values[i], JumpSettings.DEFAULTS).next();
    }
    next = POINTS;
  }

  @Benchmark
  public double point() {
    next++;
    return detector.observe(next * MINUTE, values[next % POINTS]);
  }

  @Benchmark
  public JumpWatch window() {
    next++;
    watch = watch.observe(next * MINUTE, values[next % POINTS], JumpSettings.DEFAULTS).next();
    return watch;
  }
}

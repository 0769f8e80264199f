/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.pipeline.FleetAnalyticsJob;
import io.vmallocfleet.pipeline.PipelineConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/**
 * What the job costs over a recording, as {@code backtest --footprint} prints it:
 *
 * <pre>
 * 19,200 snapshots of 50 hosts, 74.9 callers each
 * 41.2 s on 2 processors, 466 snapshots/s; peak heap 402.1 MiB of 768.0 MiB
 * state 21,034 bytes a host, 281 bytes a host and caller, 1.0 MiB in all after 18,034 snapshots
 * </pre>
 *
 * @param wall from the start of the job to its end
 * @param peakHeapBytes sum of the peaks of the heap's pools, garbage included
 * @param stateBytes size of the last savepoint; 0 where the recording was over before one
 * @param atState what had been read when it was taken
 */
record Footprint(
    Recorded read, Duration wall, long peakHeapBytes, long stateBytes, Recorded atState) {
  /** State is looked at again when so much more has been read: the last look is near the end. */
  private static final double AGAIN = 1.2;

  private static final long FIRST_SNAPSHOTS = 1000;

  /**
   * @param progress is told now and then how many snapshots have been read
   */
  static Footprint of(Path recording, PipelineConfig config, int parallelism, LongConsumer progress)
      throws Exception {
    Path savepoints = Files.createTempDirectory("vmalloc-fleet-state-");
    try {
      return run(job(recording, config, parallelism, savepoints), savepoints, progress);
    } finally {
      delete(savepoints);
    }
  }

  private static JobClient job(
      Path recording, PipelineConfig config, int parallelism, Path savepoints) throws Exception {
    var settings = new Configuration();
    // Otherwise it goes by the JobManager's memory, which takes 5 MiB of a task at most.
    settings.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    settings.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, savepoints.toUri().toString());
    StreamExecutionEnvironment env = Backtest.environment(settings, config, parallelism);
    FleetAnalyticsJob.Results results = Backtest.analyse(env, recording, config);
    results.hostWindows().sinkTo(new DiscardingSink<>());
    results.callerWindows().sinkTo(new DiscardingSink<>());
    results.findings().sinkTo(new DiscardingSink<>());
    results.deadLetters().sinkTo(new DiscardingSink<>());
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    return env.executeAsync("footprint");
  }

  private static Footprint run(JobClient job, Path savepoints, LongConsumer progress)
      throws Exception {
    long start = System.nanoTime();
    CompletableFuture<JobExecutionResult> ended = job.getJobExecutionResult();
    long state = 0;
    Recorded atState = Recorded.NOTHING;
    while (!ended.isDone()) {
      try {
        ended.get(Backtest.PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        Recorded read = CountSnapshots.read(job).orElse(atState);
        progress.accept(read.snapshots());
        if (read.snapshots() >= Math.max(FIRST_SNAPSHOTS, AGAIN * atState.snapshots())) {
          long bytes = savepoint(job, savepoints);
          state = bytes > 0 ? bytes : state;
          atState = bytes > 0 ? read : atState;
        }
      }
    }
    Duration wall = Duration.ofNanos(System.nanoTime() - start);
    Recorded all = CountSnapshots.read(ended.get().getAllAccumulatorResults());
    long peak = heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    return new Footprint(all, wall, peak, state, atState);
  }

  /** Bytes of a savepoint taken now; 0 when the job ended before it was there. */
  private static long savepoint(JobClient job, Path into) throws IOException {
    String directory = into.toUri().toString();
    if (EndingJob.ask(job, j -> j.triggerSavepoint(directory, SavepointFormatType.CANONICAL))
        .isEmpty()) {
      return 0;
    }
    long bytes = 0;
    for (Path file : files(into)) {
      bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
    }
    for (Path file : files(into)) {
      if (!file.equals(into)) {
        Files.delete(file);
      }
    }
    return bytes;
  }

  private static void delete(Path directory) throws IOException {
    for (Path file : files(directory)) {
      Files.delete(file);
    }
  }

  /** Everything below, what lies in a directory before the directory. */
  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  String text() {
    double seconds = wall.toMillis() / 1000.0;
    String cost =
        String.format(
            Locale.ROOT,
            "%,d snapshots of %,d hosts, %.1f callers each%n"
                + "%.1f s on %d processors, %,.0f snapshots/s; peak heap %.1f MiB of %.1f MiB%n",
            read.snapshots(),
            read.hosts(),
            callersEach(),
            seconds,
            Runtime.getRuntime().availableProcessors(),
            read.snapshots() / seconds,
            mebibytes(peakHeapBytes),
            mebibytes(Runtime.getRuntime().maxMemory()));
    return stateBytes == 0
        ? cost + String.format("state unknown: the recording was over too soon%n")
        : cost
            + String.format(
                Locale.ROOT,
                "state %,.0f bytes a host, %,.0f bytes a host and caller, %.1f MiB in all after %,d"
                    + " snapshots%n",
                (double) stateBytes / atState.hosts(),
                stateBytes / (atState.hosts() * callersEach()),
                mebibytes(stateBytes),
                atState.snapshots());
  }

  private double callersEach() {
    return (double) read.callers() / Math.max(1, read.snapshots());
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) (1 << 20);
  }
}

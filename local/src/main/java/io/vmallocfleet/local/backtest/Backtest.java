/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.backtest;

import io.vmallocfleet.pipeline.FleetAnalyticsJob;
import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.kafka.EventTime;
import io.vmallocfleet.pipeline.recording.RecordedDeliveries;
import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.Finding;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job {@code fleet-analytics} over a recording, from its beginning to its end, on a Flink
 * cluster in this JVM: the same operators and event time as on a live topic, only the ends differ.
 *
 * @param recorded what the recording holds
 * @param findings by window, then fingerprint
 * @param deadLetters how many snapshots could not be used, by reason
 */
record Backtest(
    Recorded recorded, List<Finding> findings, Map<DeadLetterReason, Long> deadLetters) {
  static final long PROGRESS_MILLIS = 1000;

  Backtest {
    findings = List.copyOf(findings);
    deadLetters = Map.copyOf(deadLetters);
  }

  /**
   * @param progress is told now and then how many snapshots have been read
   * @throws ExecutionException if the recording is damaged; the last cause says where
   */
  static Backtest run(Path recording, PipelineConfig config, int parallelism, LongConsumer progress)
      throws Exception {
    StreamExecutionEnvironment env = environment(new Configuration(), config, parallelism);
    FleetAnalyticsJob.Results results = analyse(env, recording, config);
    Iterator<Finding> found = results.findings().collectAsync();
    Iterator<DeadLetter> unusable = results.deadLetters().collectAsync();

    JobClient job = env.executeAsync("backtest " + recording.getFileName());
    var letters = CompletableFuture.supplyAsync(() -> tally(unusable));
    var shown = CompletableFuture.runAsync(() -> watch(job, progress));
    List<Finding> findings = new ArrayList<>();
    Recorded recorded;
    try {
      found.forEachRemaining(findings::add);
    } finally {
      recorded = CountSnapshots.read(job.getJobExecutionResult().get().getAllAccumulatorResults());
      shown.join();
    }
    findings.sort(
        Comparator.comparing(Finding::getWindowEnd).thenComparing(Finding::getFingerprint));
    return new Backtest(recorded, findings, letters.join());
  }

  /** A Flink cluster in this JVM, of which one can ask every second how far it is. */
  static StreamExecutionEnvironment environment(
      Configuration settings, PipelineConfig config, int parallelism) {
    // How far it is comes with the heartbeat.
    settings.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(PROGRESS_MILLIS));
    var env = StreamExecutionEnvironment.createLocalEnvironment(parallelism, settings);
    FleetAnalyticsJob.configure(env, config);
    // A run that fails is run again from the start.
    env.getCheckpointConfig().disableCheckpointing();
    return env;
  }

  /** The job behind a recording instead of a topic; {@link CountSnapshots} says how far it is. */
  static FleetAnalyticsJob.Results analyse(
      StreamExecutionEnvironment env, Path recording, PipelineConfig config) {
    DataStream<Delivery> snapshots =
        env.fromSource(RecordedDeliveries.source(recording), EventTime.of(config), "recording")
            .uid("recording")
            .setParallelism(1)
            .map(new CountSnapshots())
            .uid("count-snapshots")
            .name("count snapshots")
            .setParallelism(1);
    return FleetAnalyticsJob.analyse(snapshots, config);
  }

  /**
   * Without the findings of windows that end later: where a recording ends, event time runs on to
   * its end, and every host seems to have fallen silent.
   */
  Backtest until(Instant end) {
    return new Backtest(
        recorded,
        findings.stream().filter(f -> !f.getWindowEnd().isAfter(end)).toList(),
        deadLetters);
  }

  private static Map<DeadLetterReason, Long> tally(Iterator<DeadLetter> letters) {
    var byReason = new EnumMap<DeadLetterReason, Long>(DeadLetterReason.class);
    letters.forEachRemaining(letter -> byReason.merge(letter.getReason(), 1L, Long::sum));
    return byReason;
  }

  /** Until the job has ended, however; the caller waits for the same result. */
  private static void watch(JobClient job, LongConsumer progress) {
    CompletableFuture<?> ended = job.getJobExecutionResult();
    while (!ended.isDone()) {
      try {
        ended.get(PROGRESS_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        CountSnapshots.read(job).ifPresent(r -> progress.accept(r.snapshots()));
      } catch (ExecutionException e) {
        return; // the caller throws it
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}

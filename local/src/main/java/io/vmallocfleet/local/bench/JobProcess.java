/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.vmallocfleet.local.stack.FlinkCluster;
import io.vmallocfleet.local.stack.FlinkJob;
import io.vmallocfleet.local.stack.FlinkSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.annotation.Nullable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One variant on a Flink cluster, in a JVM of its own. A line with a number on standard input runs
 * it over that many records; lines of JSON answer, {@link Answer}. It ends with its input.
 *
 * <p>Measured is the time from the moment the source has records until all are worked off: starting
 * a job costs the same whatever there is to read, and a real one is started once. Jobs that are
 * deployed to go on and on are cancelled then, without an end of time that would close windows and
 * fire timers of the days to come.
 */
final class JobProcess {
  private static final Logger LOG = LoggerFactory.getLogger(JobProcess.class);
  private static final long POLL_MILLIS = 20;
  private static final Duration CHECKPOINT_LIMIT = Duration.ofSeconds(60);

  private final Setup setup;
  private final FlinkCluster cluster;
  private final HeapMeter heap = new HeapMeter();
  private final ProcessHandle broker;
  private final PrintStream out;
  private final ObjectMapper json = new ObjectMapper();
  private @Nullable CpuProfile profile;
  private int runs;

  /**
   * @param stateBackend as Flink calls it
   * @param flink settings of Flink beside or instead of the usual ones
   * @param warmups runs before the first that is looked at
   * @param profile where a profile of the others goes, without the ending; null for nowhere
   */
  record Setup(
      Variant variant,
      String bootstrap,
      long brokerPid,
      String directory,
      int parallelism,
      String stateBackend,
      Map<String, String> flink,
      int warmups,
      @Nullable String profile) {}

  /**
   * Exactly one is not null.
   *
   * @param read share of the records read so far
   */
  record Answer(Double read, Measurement measurement, String failure) {}

  private record Moment(
      long records, long wallNanos, long flinkNanos, long compilerNanos, long brokerNanos) {}

  private JobProcess(Setup setup, FlinkCluster cluster, PrintStream out) {
    this.setup = setup;
    this.cluster = cluster;
    this.broker = ProcessHandle.of(setup.brokerPid).orElseThrow();
    this.out = out;
  }

  /**
   * As TaskManagers are deployed: all of the heap from the start, and the collector that costs the
   * least processor time.
   *
   * @param heap as {@code -Xmx} takes it
   */
  static List<String> heapOptions(String heap) {
    return List.of("-Xms" + heap, "-Xmx" + heap, "-XX:+UseParallelGC");
  }

  public static void main(String[] args) throws Exception {
    Setup setup = new ObjectMapper().readValue(args[0], Setup.class);
    try (FlinkCluster cluster = FlinkCluster.start(settings(setup));
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      var process = new JobProcess(setup, cluster, System.out);
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        process.answer(Long.parseLong(line));
      }
    }
    System.exit(0);
  }

  private static FlinkSettings settings(Setup setup) {
    var options =
        new HashMap<>(
            Map.of(
                "metrics.reporters",
                "bench",
                "metrics.reporter.bench.factory.class",
                RunMetrics.Factory.class.getName(),
                "state.backend.type",
                setup.stateBackend,
                "execution.checkpointing.incremental",
                "true",
                // On a machine busy with other work a silence of a minute is no death.
                "heartbeat.timeout",
                "10min",
                "taskmanager.memory.managed.size",
                "512m"));
    options.putAll(setup.flink);
    return new FlinkSettings(
        Path.of(setup.directory), 0, setup.parallelism, Duration.ofSeconds(10), options);
  }

  private void answer(long records) throws IOException {
    try {
      tell(new Answer(null, run(records), null));
    } catch (Exception e) {
      LOG.error("({}) could not be run", setup.variant.letter(), e);
      tell(new Answer(null, null, "(%s): %s".formatted(setup.variant.letter(), e.getMessage())));
    }
  }

  private Measurement run(long records) throws Exception {
    RunMetrics.forget();
    heap.reset();
    Moment submitted = moment();
    String name = "%s-%d".formatted(setup.variant.name().toLowerCase(Locale.ROOT), ++runs);
    FlinkJob job = cluster.submit(name, this::define);
    while (read() == 0) {
      if (job.status().isTerminalState()) {
        throw new IllegalStateException(
            "over before it could be measured: fill the topic with more --hosts or --rounds");
      }
      await(job);
    }
    Moment start = moment();
    if (start.records < records) {
      heap.reset();
    } else { // so few records that nobody saw them being read: with the start of the job, then
      start = submitted;
    }
    boolean profiled = setup.profile != null && runs > setup.warmups;
    if (profiled) {
      profile().begin();
    }
    long toldAt = start.wallNanos;
    long read = start.records;
    while (!isDone(job, read, records)) {
      if (System.nanoTime() - toldAt > TimeUnit.SECONDS.toNanos(1)) {
        toldAt = System.nanoTime();
        tell(new Answer(read / (double) records, null, null));
      }
      await(job);
      // A source that has ended takes its counter with it.
      read = Math.max(read, read());
    }
    if (setup.variant.isCheckpointed()) {
      checkpoint(job);
    }
    Moment end = moment();
    if (profiled) {
      profile().end();
    }
    Map<String, Long> busy = RunMetrics.busyMillis();
    long checkpointBytes = RunMetrics.checkpointBytes();
    long checkpointMillis = RunMetrics.checkpointMillis();
    long allocated = heap.allocated();
    job.cancel();
    long resumeMillis = setup.variant.isCheckpointed() ? resume(name) : -1;
    return new Measurement(
        records - start.records,
        (end.wallNanos - start.wallNanos) / 1000,
        (end.flinkNanos - end.compilerNanos - start.flinkNanos + start.compilerNanos) / 1000,
        (end.compilerNanos - start.compilerNanos) / 1000,
        (end.brokerNanos - start.brokerNanos) / 1000,
        allocated,
        heap.peak(),
        heap.live(),
        checkpointBytes,
        checkpointMillis,
        resumeMillis,
        busy);
  }

  private void define(StreamExecutionEnvironment env) {
    Variant.configure(env, setup.parallelism);
    setup.variant.define(env, setup.bootstrap);
    if (!setup.variant.isCheckpointed()) {
      env.getCheckpointConfig().disableCheckpointing();
    }
  }

  /** Milliseconds until a job that ended is where it was. */
  private long resume(String name) throws Exception {
    long begun = System.nanoTime();
    FlinkJob job = cluster.submit(name, this::define);
    while (!job.isRunningThroughout()) {
      await(job);
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    job.cancel();
    return millis;
  }

  private CpuProfile profile() {
    if (profile == null) {
      profile = new CpuProfile(setup.profile);
    }
    return profile;
  }

  private boolean isDone(FlinkJob job, long read, long records) {
    return setup.variant.isBounded() ? job.status().isTerminalState() : read >= records;
  }

  /**
   * Its barrier follows the last record through the whole job, so once it is complete every record
   * is worked off, and what is written is committed.
   */
  private static void checkpoint(FlinkJob job) throws InterruptedException {
    while (!job.checkpoint(CHECKPOINT_LIMIT)) {
      await(job);
    }
  }

  private long read() {
    return RunMetrics.recordsRead(setup.variant.sourceName());
  }

  private Moment moment() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return new Moment(
        read(),
        System.nanoTime(),
        system.getProcessCpuTime(),
        CompilerTime.nanos(),
        broker.info().totalCpuDuration().orElseThrow().toNanos());
  }

  private static void await(FlinkJob job) throws InterruptedException {
    fail(job);
    TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
  }

  private static void fail(FlinkJob job) {
    job.failure()
        .ifPresent(
            cause -> {
              throw new IllegalStateException("the job failed: " + cause, cause);
            });
  }

  private void tell(Answer answer) throws IOException {
    out.println(json.writeValueAsString(answer));
    out.flush();
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FindingKind;
import io.vmallocfleet.schemas.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource.NumberSequenceSplit;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiter;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A savepoint that an earlier commit of the job wrote, kept among the test resources, goes on in
 * the present job: every operator finds its state, whatever fields it has gained since, and what is
 * found afterwards is what is found without a break.
 *
 * <p>{@code src/test/savepoint/make COMMIT} makes a new one, for when a release sets a new start or
 * a change must give up old state and says so.
 */
class StoredSavepointIT {
  private static final String INTO = "vmallocfleet.savepoint.into";
  private static final Path STORED = Path.of("src/test/resources/savepoint").toAbsolutePath();

  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  /** Opened when the source has sent everything before the cut. */
  private static CountDownLatch sent = new CountDownLatch(1);

  @Test
  void findings_go_on_from_a_stored_savepoint_without_a_repeat_or_a_loss() throws Exception {
    List<Finding> withoutABreak = findings(null);

    List<Finding> restored = findings(STORED);

    Instant cut = Instant.EPOCH.plus(Duration.ofMinutes(TroubledFleet.CUT));
    List<String> expected = told(withoutABreak, TroubledFleet.toldBeforeCut());
    assertThat(told(restored, Instant.EPOCH)).containsExactlyElementsOf(expected);
    // There is something to be lost: troubles that began before and end after, or go on.
    assertThat(restored)
        .filteredOn(finding -> finding.getSince().isBefore(cut))
        .extracting(Finding::getKind)
        .contains(
            FindingKind.LEAK,
            FindingKind.JUMP,
            FindingKind.CHURN,
            FindingKind.HOST_SILENT,
            FindingKind.HOST_BLIND,
            FindingKind.SNAPSHOTS_LOST,
            FindingKind.OUTLIER_HOST);
    assertThat(restored)
        .filteredOn(finding -> finding.getVerdict() == Verdict.GONE)
        .extracting(Finding::getKind)
        .contains(
            FindingKind.JUMP, FindingKind.CHURN, FindingKind.HOST_SILENT, FindingKind.HOST_BLIND);
  }

  @Test
  @EnabledIfSystemProperty(named = INTO, matches = ".+")
  void is_made_by_the_commit_under_test() throws Exception {
    StreamExecutionEnvironment env = environment();
    var settings = new Configuration();
    // One file: everything lies in its metadata.
    settings.set(CheckpointingOptions.FS_SMALL_FILE_THRESHOLD, MemorySize.ofMebiBytes(1));
    env.configure(settings);
    FleetAnalyticsJob.Results results =
        FleetAnalyticsJob.analyse(snapshots(env, new UntilTheCut()), TroubledFleet.CONFIG);
    results.findings().sinkTo(new DiscardingSink<>()).uid("nowhere");

    JobClient job = env.executeAsync("first half");
    sent.await();
    job.stopWithSavepoint(false, System.getProperty(INTO), SavepointFormatType.CANONICAL).get();
  }

  private static List<Finding> findings(Path savepoint) throws Exception {
    StreamExecutionEnvironment env = environment();
    FleetAnalyticsJob.Results results =
        FleetAnalyticsJob.analyse(snapshots(env, RateLimiterStrategy.noOp()), TroubledFleet.CONFIG);
    var found = results.findings().collectAsync();
    StreamGraph graph = env.getStreamGraph();
    if (savepoint != null) {
      // State that no operator takes is an error.
      graph.setSavepointRestoreSettings(
          SavepointRestoreSettings.forPath(savepoint.toString(), false));
    }
    env.executeAsync(graph);
    List<Finding> findings = new ArrayList<>();
    found.forEachRemaining(findings::add);
    return findings;
  }

  /** Where the snapshots end every host seems to fall silent; that is left out. */
  private static List<String> told(List<Finding> findings, Instant after) {
    Instant end = Instant.EPOCH.plus(Duration.ofMinutes(TroubledFleet.MINUTES));
    return findings.stream()
        .filter(f -> f.getWindowEnd().isAfter(after) && !f.getWindowEnd().isAfter(end))
        .map(
            f ->
                "%s %s %s %s %s since %s: %s"
                    .formatted(
                        f.getWindowEnd(),
                        f.getKind(),
                        f.getVerdict(),
                        f.getHostname(),
                        f.getFunction(),
                        f.getSince(),
                        f.getFingerprint()))
        .sorted()
        .toList();
  }

  private static StreamExecutionEnvironment environment() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    FleetAnalyticsJob.configure(env, TroubledFleet.CONFIG);
    env.setParallelism(2);
    return env;
  }

  @SuppressWarnings("rawtypes") // As Flink's own source takes it.
  private static DataStream<Delivery> snapshots(
      StreamExecutionEnvironment env, RateLimiterStrategy pace) {
    var source =
        new DataGeneratorSource<>(
            TroubledFleet::delivery,
            TroubledFleet.size(),
            pace,
            TypeInformation.of(Delivery.class));
    return env.fromSource(
            source,
            WatermarkStrategy.<Delivery>forGenerator(context -> new EachMovesTheWatermark())
                .withTimestampAssigner((d, t) -> d.usage().takenAtMillis()),
            "snapshots")
        .uid("snapshots")
        .setParallelism(1);
  }

  private static final class EachMovesTheWatermark implements WatermarkGenerator<Delivery> {
    @Override
    public void onEvent(Delivery event, long timestamp, WatermarkOutput output) {
      output.emitWatermark(new Watermark(timestamp - TroubledFleet.BEHIND_MILLIS));
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {}
  }

  /** Lets everything before the cut pass, and then nothing. */
  private static final class UntilTheCut implements RateLimiterStrategy<NumberSequenceSplit> {
    @Override
    public RateLimiter<NumberSequenceSplit> createRateLimiter(int parallelism) {
      return new RateLimiter<>() {
        private int passed;

        @Override
        public CompletionStage<Void> acquire(int permits) {
          passed += permits;
          if (passed <= TroubledFleet.sizeBeforeCut()) {
            return CompletableFuture.completedFuture(null);
          }
          sent.countDown();
          return new CompletableFuture<>();
        }
      };
    }
  }
}

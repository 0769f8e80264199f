/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import static io.vmallocfleet.pipeline.SnapshotBuilder.PAGE;
import static io.vmallocfleet.pipeline.SnapshotBuilder.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.pipeline.usage.Origin;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FleetAnalyticsJobTest {
  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(1)
              .setNumberSlotsPerTaskManager(2)
              .build());

  private static final PipelineConfig CONFIG =
      PipelineConfig.from(Map.of("VMALLOC_PIPELINE_WINDOW", "10s"));

  @Test
  void every_operator_has_a_uid_of_ours() {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    FleetAnalyticsJob.define(env, CONFIG);

    assertThat(env.getStreamGraph(false).getStreamNodes())
        .isNotEmpty()
        .allSatisfy(
            node ->
                assertThat(node.getTransformationUID())
                    .as(node.getOperatorName())
                    .matches("(Sink Committer: )?[a-z-]+"));
    assertThat(
            env.getStreamGraph(false).getStreamNodes().stream().map(StreamNode::getMaxParallelism))
        .allMatch(p -> p == 720 || p == 1 || p == -1);
  }

  @Test
  void counts_every_host_once_a_window_and_sums_its_callers_over_the_cohort() throws Exception {
    Outcome outcome =
        run(
            2,
            snapshot("a").sequence(0).at(1_000).area("kernel_clone", 4).delivery(),
            snapshot("a").sequence(1).at(6_000).area("kernel_clone", 8).delivery(),
            snapshot("a").sequence(1).at(6_000).area("kernel_clone", 8).delivery(),
            snapshot("b").sequence(0).at(7_000).area("kernel_clone", 100).delivery(),
            snapshot("c").kernel("6.1.0").at(7_000).area("kernel_clone", 1).delivery(),
            snapshot("a").sequence(2).at(12_000).area("kernel_clone", 8).delivery());

    assertThat(outcome.hosts())
        .extracting(
            w ->
                w.getHostId()
                    + " "
                    + w.getWindowStart().toEpochMilli()
                    + " "
                    + w.getSnapshots()
                    + " "
                    + w.getBytes())
        .containsExactly(
            "a 0 2 " + 8 * PAGE, "b 0 1 " + 100 * PAGE, "c 0 1 " + PAGE, "a 10000 1 " + 8 * PAGE);
    assertThat(outcome.callers())
        .extracting(
            w ->
                w.getCohort().getKernelRelease()
                    + " "
                    + w.getWindowStart().toEpochMilli()
                    + " hosts "
                    + w.getHosts()
                    + " bytes "
                    + w.getBytes())
        .containsExactly(
            "6.1.0 0 hosts 1 bytes " + PAGE,
            "6.18.1 0 hosts 2 bytes " + 108 * PAGE,
            "6.18.1 10000 hosts 1 bytes " + 8 * PAGE);
    assertThat(outcome.deadLetters()).isEmpty();
  }

  @Test
  void what_cannot_be_used_goes_to_the_dead_letters_and_the_rest_goes_on() throws Exception {
    var origin = new Origin("vmalloc.snapshots", 0, 99, 2_000);
    var why = new UnreadableRecordException(DeadLetterReason.UNDECODABLE, "cut short at byte 3");

    // One task: two would each have a watermark of their own.
    Outcome outcome =
        run(
            1,
            snapshot("a").sequence(0).at(1_000).area("kernel_clone", 4).delivery(),
            Delivery.unreadable(origin, new byte[] {1, 2, 3}, why),
            snapshot("b").sequence(0).at(35_000).area("kernel_clone", 4).delivery(),
            snapshot("a").sequence(7).at(2_000).area("kernel_clone", 4).delivery());

    assertThat(outcome.hosts()).extracting(HostWindow::getHostId).containsExactly("a", "b");
    assertThat(outcome.deadLetters())
        .extracting(d -> d.getReason() + " " + d.getOffset() + " " + d.getDetail())
        .containsExactlyInAnyOrder(
            "UNDECODABLE 99 cut short at byte 3",
            "LATE 7 snapshot 7 of host a (a), taken at 1970-01-01T00:00:02Z, came after its window was closed");
    assertThat(outcome.deadLetters())
        .filteredOn(d -> d.getReason() == DeadLetterReason.UNDECODABLE)
        .extracting(d -> d.getPayload().remaining())
        .containsExactly(3);
  }

  private record Outcome(
      List<HostWindow> hosts,
      List<CallerWindow> callers,
      List<Finding> findings,
      List<DeadLetter> deadLetters) {}

  /** Runs the job on these deliveries in this order; each moves the watermark to its time. */
  private static Outcome run(int parallelism, Delivery... deliveries) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    env.setParallelism(parallelism);
    var settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    env.configure(settings);
    env.setRuntimeMode(RuntimeExecutionMode.STREAMING);
    SingleObject.trustOwnClasses();
    DataStream<Delivery> snapshots =
        env.fromData(List.of(deliveries), TypeInformation.of(Delivery.class))
            .assignTimestampsAndWatermarks(
                WatermarkStrategy.<Delivery>forGenerator(context -> new EachMovesTheWatermark())
                    .withTimestampAssigner(
                        (d, t) -> d.usage() == null ? t : d.usage().takenAtMillis()))
            .setParallelism(1);

    FleetAnalyticsJob.Results results = FleetAnalyticsJob.analyse(snapshots, CONFIG);
    var hosts = results.hostWindows().collectAsync();
    var callers = results.callerWindows().collectAsync();
    var findings = results.findings().collectAsync();
    var deadLetters = results.deadLetters().collectAsync();
    env.execute();
    return new Outcome(
        sorted(
            hosts,
            Comparator.comparing(HostWindow::getWindowStart).thenComparing(HostWindow::getHostId)),
        sorted(
            callers,
            Comparator.comparing((CallerWindow w) -> w.getCohort().getKernelRelease())
                .thenComparing(CallerWindow::getWindowStart)),
        sorted(findings, Comparator.comparing(Finding::getFingerprint)),
        sorted(deadLetters, Comparator.comparing(DeadLetter::getOffset)));
  }

  private static <T> List<T> sorted(Iterator<T> all, Comparator<T> order) {
    var list = new ArrayList<T>();
    all.forEachRemaining(list::add);
    list.sort(order);
    return list;
  }

  private static final class EachMovesTheWatermark implements WatermarkGenerator<Delivery> {
    @Override
    public void onEvent(Delivery event, long timestamp, WatermarkOutput output) {
      if (timestamp > 0) {
        output.emitWatermark(new Watermark(timestamp - 10_000));
      }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {}
  }
}

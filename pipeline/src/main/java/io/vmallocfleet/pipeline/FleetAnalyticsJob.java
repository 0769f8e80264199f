/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.detection.fleet.FleetSettings;
import io.vmallocfleet.detection.fleet.PopulationPartial;
import io.vmallocfleet.pipeline.alerts.Incoming;
import io.vmallocfleet.pipeline.anomaly.ApplyRules;
import io.vmallocfleet.pipeline.anomaly.GrowthReport;
import io.vmallocfleet.pipeline.anomaly.JudgeGrowth;
import io.vmallocfleet.pipeline.anomaly.WatchAddressSpace;
import io.vmallocfleet.pipeline.anomaly.WatchCollector;
import io.vmallocfleet.pipeline.anomaly.WatchHost;
import io.vmallocfleet.pipeline.anomaly.WatchJumps;
import io.vmallocfleet.pipeline.anomaly.WatchLateness;
import io.vmallocfleet.pipeline.anomaly.WatchSilence;
import io.vmallocfleet.pipeline.callers.CallerPartial;
import io.vmallocfleet.pipeline.callers.CombineCallers;
import io.vmallocfleet.pipeline.callers.MergeCallers;
import io.vmallocfleet.pipeline.fleet.CombinePopulations;
import io.vmallocfleet.pipeline.fleet.MergePopulations;
import io.vmallocfleet.pipeline.fleet.SampleHosts;
import io.vmallocfleet.pipeline.fleet.WatchFleet;
import io.vmallocfleet.pipeline.kafka.AlertTime;
import io.vmallocfleet.pipeline.kafka.EventTime;
import io.vmallocfleet.pipeline.kafka.FleetTopics;
import io.vmallocfleet.pipeline.usage.Cohort;
import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.HostUsageInWindow;
import io.vmallocfleet.pipeline.usage.HostWindows;
import io.vmallocfleet.pipeline.usage.LateSnapshots;
import io.vmallocfleet.pipeline.usage.LatestInWindow;
import io.vmallocfleet.pipeline.usage.RouteDeliveries;
import io.vmallocfleet.pipeline.usage.StampWindow;
import io.vmallocfleet.schemas.CallerWindow;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.HostWindow;
import io.vmallocfleet.schemas.SingleObject;
import java.time.Duration;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamUtils;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;
import org.apache.flink.util.OutputTag;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Job {@code fleet-analytics}: snapshots of all hosts to windows per host, windows per caller and
 * cohort, and findings.
 */
public final class FleetAnalyticsJob {
  public static final String NAME = "fleet-analytics";

  private static final Logger LOG = LoggerFactory.getLogger(FleetAnalyticsJob.class);
  private static final OutputTag<HostUsage> LATE = new OutputTag<>("late") {};

  private FleetAnalyticsJob() {}

  public static void main(String[] args) throws Exception {
    PipelineConfig config = PipelineConfig.from(System.getenv());
    LOG.info("{} starts with {}", NAME, config);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    define(env, config);
    env.execute(NAME);
  }

  /** Adds the whole job, with its real ends, to the environment. */
  public static void define(StreamExecutionEnvironment env, PipelineConfig config) {
    configure(env, config);
    DataStream<Delivery> snapshots =
        env.fromSource(FleetTopics.snapshots(config), EventTime.of(config), "snapshots")
            .uid("snapshots");

    Results results = analyse(snapshots, config);

    results
        .hostWindows()
        .sinkTo(FleetTopics.hostWindows(config))
        .uid("host-windows-sink")
        .name("host windows");
    results
        .callerWindows()
        .sinkTo(FleetTopics.callerWindows(config))
        .uid("caller-windows-sink")
        .name("caller windows");
    DataStream<Incoming> rules =
        env.fromSource(FleetTopics.rules(config), AlertTime.outsideTime(), "rules").uid("rules");
    SingleOutputStreamOperator<Finding> told = applyRules(results.findings(), rules);
    told.sinkTo(FleetTopics.findings(config)).uid("findings-sink").name("findings");
    results
        .unreadable()
        .union(told.getSideOutput(ApplyRules.REFUSED))
        .sinkTo(FleetTopics.deadLetters(config))
        .uid("dead-letters-sink")
        .name("dead letters");
    results
        .late()
        .sinkTo(FleetTopics.lateSnapshots(config))
        .uid("late-snapshots-sink")
        .name("late snapshots");
  }

  /**
   * What the job makes of its snapshots.
   *
   * @param late snapshots that came after their window was closed: in no window
   */
  public record Results(
      DataStream<HostWindow> hostWindows,
      DataStream<CallerWindow> callerWindows,
      DataStream<Finding> findings,
      DataStream<DeadLetter> unreadable,
      DataStream<DeadLetter> late) {
    public DataStream<DeadLetter> deadLetters() {
      return unreadable.union(late);
    }
  }

  /** The data flow between the ends. */
  public static Results analyse(DataStream<Delivery> snapshots, PipelineConfig config) {
    SingleOutputStreamOperator<HostUsage> usages =
        snapshots
            .process(new RouteDeliveries(config.clockTolerance()))
            .uid("route-deliveries")
            .name("route deliveries");

    SingleOutputStreamOperator<HostUsageInWindow> hosts =
        usages
            .keyBy(HostUsage::hostId)
            .window(TumblingEventTimeWindows.of(config.window()))
            .sideOutputLateData(LATE)
            .aggregate(new LatestInWindow(), new StampWindow())
            .uid("latest-per-host-and-window")
            .name("latest snapshot per host and window");

    DataStream<HostWindow> hostWindows =
        hosts.map(HostWindows::of).uid("host-windows").name("host windows");

    DataStream<CallerWindow> callerWindows =
        hosts
            .transform(
                "combine callers per task",
                TypeInformation.of(CallerPartial.class),
                new CombineCallers())
            .uid("combine-callers")
            .keyBy(CallerPartial::key)
            .window(TumblingEventTimeWindows.of(config.window()))
            .process(new MergeCallers())
            .uid("merge-callers")
            .name("merge callers per cohort and window");

    DataStream<Finding> onHosts = watchHosts(hosts, config.detection());

    DataStream<Finding> overTheFleet = watchFleet(hosts, config.fleet());

    DataStream<HostUsage> tooLate = hosts.getSideOutput(LATE);

    DataStream<Finding> clocksBehind =
        tooLate
            .keyBy(HostUsage::hostId)
            .process(new WatchLateness(config.window()))
            .uid("watch-lateness")
            .name("watch for clocks that are behind");

    DataStream<DeadLetter> late =
        tooLate.map(new LateSnapshots()).uid("late-snapshots").name("late snapshots");

    return new Results(
        hostWindows,
        callerWindows,
        onHosts.union(overTheFleet, clocksBehind),
        usages.getSideOutput(RouteDeliveries.UNREADABLE),
        late);
  }

  /** The findings that may be told under the rules in force, as loud as they may be. */
  static SingleOutputStreamOperator<Finding> applyRules(
      DataStream<Finding> findings, DataStream<Incoming> rules) {
    return findings
        .keyBy(Finding::getFingerprint)
        .connect(rules.broadcast(ApplyRules.RULES))
        .process(new ApplyRules())
        .uid("apply-rules")
        .name("apply rules");
  }

  /**
   * What hosts show together. They are sampled where they lie: the window keeps them by host id, so
   * nothing is shuffled before it is combined.
   */
  private static DataStream<Finding> watchFleet(
      DataStream<HostUsageInWindow> hosts, FleetSettings settings) {
    return DataStreamUtils.reinterpretAsKeyedStream(hosts, HostUsageInWindow::hostId)
        .process(new SampleHosts(settings))
        .uid("sample-hosts")
        .name("sample each host by bucket")
        .transform(
            "combine populations per task",
            TypeInformation.of(PopulationPartial.class),
            new CombinePopulations(settings))
        .uid("combine-populations")
        .keyBy(PopulationPartial::key)
        .window(TumblingEventTimeWindows.of(Duration.ofMillis(settings.bucketMillis())))
        .process(new MergePopulations())
        .uid("merge-populations")
        .name("merge populations per caller and cohort")
        .keyBy(population -> Cohort.parse(population.cohort()).architecture())
        .process(new WatchFleet(settings))
        .uid("watch-fleet")
        .name("watch the fleet");
  }

  /** What is wrong with single hosts: their callers, their sending, their address space. */
  private static DataStream<Finding> watchHosts(
      DataStream<HostUsageInWindow> hosts, DetectionSettings detection) {
    // Windows come out of the task that owns their host: no need to send them through the network.
    KeyedStream<HostUsageInWindow, String> byHost =
        DataStreamUtils.reinterpretAsKeyedStream(hosts, HostUsageInWindow::hostId, Types.STRING);

    SingleOutputStreamOperator<Finding> callerFindings =
        byHost
            .process(new WatchHost(detection))
            .uid("watch-host")
            .name("watch each host's callers");

    DataStream<Finding> jumps =
        byHost
            .process(new WatchJumps(detection.jump()))
            .uid("watch-jumps")
            .name("watch each host's callers for steps");

    DataStream<Finding> leaks =
        callerFindings
            .getSideOutput(WatchHost.GROWTH)
            .keyBy(GrowthReport::key)
            .process(new JudgeGrowth(detection))
            .uid("judge-growth")
            .name("judge growth against the cohort");

    DataStream<Finding> silences =
        byHost.process(new WatchSilence()).uid("watch-silence").name("watch for silent hosts");

    DataStream<Finding> collectors =
        byHost
            .process(new WatchCollector())
            .uid("watch-collector")
            .name("watch what hosts can see");

    DataStream<Finding> addressSpaces =
        byHost
            .process(new WatchAddressSpace(detection.headroom(), detection.requestBytes()))
            .uid("watch-address-space")
            .name("watch each host's address space");

    return callerFindings.union(jumps, leaks, silences, collectors, addressSpaces);
  }

  /** Settings the job's state and correctness depend on, whatever the cluster's defaults are. */
  public static void configure(StreamExecutionEnvironment env, PipelineConfig config) {
    SingleObject.trustOwnClasses();
    var settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    // Not for the size: uncompressed state is read back number by number, a system call each.
    settings.set(ExecutionOptions.SNAPSHOT_COMPRESSION, true);
    settings.set(PipelineOptions.MAX_PARALLELISM, config.maxParallelism());
    // Where state is in RocksDB: all of it is read and written anew in every window, and the first
    // levels, up to 256 MiB of a state, are spared unpacking blocks for it.
    settings.setString(
        "state.backend.rocksdb.compression.per.level",
        "NO_COMPRESSION;NO_COMPRESSION;SNAPPY_COMPRESSION");
    env.configure(settings);
    env.enableCheckpointing(config.checkpointInterval().toMillis());
  }
}

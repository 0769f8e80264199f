/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline;

import io.vmallocfleet.pipeline.alerts.Complaint;
import io.vmallocfleet.pipeline.alerts.Fact;
import io.vmallocfleet.pipeline.alerts.FleetFacts;
import io.vmallocfleet.pipeline.alerts.HostFacts;
import io.vmallocfleet.pipeline.alerts.Incoming;
import io.vmallocfleet.pipeline.alerts.KeepMutes;
import io.vmallocfleet.pipeline.alerts.KeepTelling;
import io.vmallocfleet.pipeline.alerts.OnlyTime;
import io.vmallocfleet.pipeline.alerts.Progress;
import io.vmallocfleet.pipeline.alerts.ReadRules;
import io.vmallocfleet.pipeline.alerts.SplitFindings;
import io.vmallocfleet.pipeline.alerts.TrackAlerts;
import io.vmallocfleet.pipeline.alerts.WatchOurselves;
import io.vmallocfleet.pipeline.delivery.DeliverySink;
import io.vmallocfleet.pipeline.delivery.Notice;
import io.vmallocfleet.pipeline.kafka.AlertTime;
import io.vmallocfleet.pipeline.kafka.AlertTopics;
import io.vmallocfleet.schemas.Alert;
import io.vmallocfleet.schemas.DeadLetter;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.Rule;
import io.vmallocfleet.schemas.RuleKind;
import io.vmallocfleet.schemas.SingleObject;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExecutionOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Job {@code alert-routing}: findings and rules to alerts, and alerts to on-call. A job of its own,
 * so that nothing that happens on the last mile holds detection up.
 */
public final class AlertRoutingJob {
  public static final String NAME = "alert-routing";

  private static final Logger LOG = LoggerFactory.getLogger(AlertRoutingJob.class);

  private AlertRoutingJob() {}

  public static void main(String[] args) throws Exception {
    RoutingConfig config = RoutingConfig.from(System.getenv());
    LOG.info("{} starts with {}", NAME, config);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    define(env, config, System.currentTimeMillis());
    env.execute(NAME);
  }

  /**
   * Adds the whole job, with its real ends, to the environment.
   *
   * @param nowMillis clock of the wall: where a job without state begins to read
   */
  public static void define(StreamExecutionEnvironment env, RoutingConfig config, long nowMillis) {
    configure(env, config);
    var sources =
        new Sources(
            env.fromSource(
                    AlertTopics.findings(config, nowMillis), AlertTime.ofFindings(), "findings")
                .uid("findings"),
            env.fromSource(AlertTopics.rules(config), AlertTime.outsideTime(), "rules")
                .uid("rules"),
            env.fromSource(AlertTopics.progress(config), AlertTime.ofProgress(), "progress")
                .uid("progress"));

    Results results = route(sources, config);

    results.alerts().sinkTo(AlertTopics.alerts(config)).uid("alerts-sink").name("alerts");
    results
        .notices()
        .sinkTo(new DeliverySink(config.delivery()))
        .uid("delivery-sink")
        .name("deliver");
    results
        .deadLetters()
        .sinkTo(AlertTopics.deadLetters(config))
        .uid("dead-letters-sink")
        .name("dead letters");
  }

  /** What comes in. */
  public record Sources(
      DataStream<Incoming> findings, DataStream<Incoming> rules, DataStream<Progress> progress) {}

  /** What goes out. */
  public record Results(
      DataStream<Alert> alerts, DataStream<Notice> notices, DataStream<DeadLetter> deadLetters) {}

  /** The data flow between the ends. */
  public static Results route(Sources sources, RoutingConfig config) {
    SingleOutputStreamOperator<Finding> findings =
        sources.findings().process(new SplitFindings()).uid("split-findings").name("findings");
    SingleOutputStreamOperator<Rule> rules =
        sources.rules().process(new ReadRules()).uid("read-rules").name("read rules");
    DataStream<Rule> acknowledgements =
        rules
            .filter(rule -> rule.getKind() == RuleKind.ACKNOWLEDGEMENT)
            .uid("acknowledgements")
            .name("acknowledgements");
    DataStream<Rule> standing =
        rules
            .filter(rule -> rule.getKind() != RuleKind.ACKNOWLEDGEMENT)
            .uid("standing-rules")
            .name("owners and mutes");

    DataStream<Fact> facts =
        standing
            .map(Fact::of)
            .uid("rule-facts")
            .name("rules as facts")
            .union(
                findings
                    .filter(finding -> finding.getHostId() != null)
                    .uid("host-findings")
                    .name("findings about hosts")
                    .keyBy(Finding::getHostId)
                    .process(new HostFacts())
                    .uid("host-facts")
                    .name("hosts that reboot or fall silent"),
                findings.flatMap(new FleetFacts()).uid("fleet-facts").name("fleet troubles"));

    SingleOutputStreamOperator<Alert> tracked =
        findings
            .map(Incoming::of)
            .uid("finding-signals")
            .name("findings as signals")
            .union(
                acknowledgements
                    .map(Incoming::of)
                    .uid("acknowledgement-signals")
                    .name("acknowledgements as signals"),
                sources.progress().flatMap(new OnlyTime()).uid("only-time").name("event time"))
            .keyBy(Incoming::fingerprint)
            .connect(facts.broadcast(TrackAlerts.FACTS))
            .process(new TrackAlerts(config.resendInterval()))
            .uid("track-alerts")
            .name("track alerts");

    SingleOutputStreamOperator<Alert> aboutUs =
        sources
            .progress()
            .global()
            .transform(
                "watch ourselves",
                TypeInformation.of(Alert.class),
                new WatchOurselves(config.resendInterval().dividedBy(2), config.stallAfter()))
            .setParallelism(1)
            .setMaxParallelism(1)
            .uid("watch-ourselves");

    DataStream<Notice> notices =
        tracked
            .union(aboutUs)
            .keyBy(Alert::getFingerprint)
            .process(new KeepTelling(config.resendInterval()))
            .uid("keep-telling")
            .name("tell, and tell again")
            .union(
                standing
                    .filter(rule -> rule.getKind() == RuleKind.MUTE)
                    .uid("mutes")
                    .name("mutes")
                    .keyBy(Rule::getRuleId)
                    .process(new KeepMutes(config.resendInterval()))
                    .uid("keep-mutes")
                    .name("keep mutes"));

    return new Results(
        tracked.union(
            aboutUs
                .filter(alert -> !Complaint.isWatchdog(alert))
                .uid("complaints")
                .name("complaints")),
        notices,
        findings
            .getSideOutput(SplitFindings.UNREADABLE)
            .union(
                rules.getSideOutput(ReadRules.REFUSED),
                tracked.getSideOutput(TrackAlerts.UNKNOWN_ALERT)));
  }

  /** Settings the job's state and correctness depend on, whatever the cluster's defaults are. */
  public static void configure(StreamExecutionEnvironment env, RoutingConfig config) {
    SingleObject.trustOwnClasses();
    var settings = new Configuration();
    settings.set(PipelineOptions.GENERIC_TYPES, false);
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    settings.set(ExecutionOptions.SNAPSHOT_COMPRESSION, true); // read back in blocks
    settings.set(PipelineOptions.MAX_PARALLELISM, config.maxParallelism());
    env.configure(settings);
    env.enableCheckpointing(config.checkpointInterval().toMillis());
  }
}

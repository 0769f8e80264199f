/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.alerts;

import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.stack.Broker;
import io.vmallocfleet.local.stack.BrokerSettings;
import io.vmallocfleet.local.stack.FlinkCluster;
import io.vmallocfleet.local.stack.FlinkJob;
import io.vmallocfleet.local.stack.FlinkSettings;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.pipeline.AlertRoutingJob;
import io.vmallocfleet.pipeline.RoutingConfig;
import io.vmallocfleet.pipeline.delivery.DeliverySettings;
import io.vmallocfleet.pipeline.delivery.HttpAccess;
import io.vmallocfleet.schemas.FleetTopic;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A broker and job {@code alert-routing}, each of which can go away and come back. */
final class RoutedFleet implements AutoCloseable {
  private static final int PARALLELISM = 2;
  private static final Duration CHECKPOINTS = Duration.ofMillis(500);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

  private final Path directory;
  private final DeliverySettings delivery;
  private final Duration resendInterval;
  private Broker broker;
  private int port;
  private FlinkCluster flink;
  private FlinkJob job;

  RoutedFleet(Path directory, List<URI> alertmanagers, List<URI> webhooks) throws Exception {
    this(directory, alertmanagers, webhooks, Duration.ofSeconds(1));
  }

  RoutedFleet(Path directory, List<URI> alertmanagers, List<URI> webhooks, Duration resendInterval)
      throws Exception {
    this.resendInterval = resendInterval;
    this.directory = directory;
    this.delivery =
        new DeliverySettings(
            alertmanagers,
            webhooks,
            new HttpAccess("", "", "", "", Duration.ofSeconds(2)),
            Duration.ofMinutes(5),
            DeliverySettings.RUNBOOKS,
            "http://127.0.0.1:8080");
    startBroker();
    try (var admin = new TopicAdmin(KafkaAccess.open(bootstrap()))) {
      admin.createMissing(
          Arrays.stream(FleetTopic.values())
              .map(t -> new TopicAdmin.Wanted(t.topicName(), PARALLELISM, (short) 1, t.settings()))
              .toList());
    }
    startJob();
  }

  String bootstrap() {
    return broker.bootstrap();
  }

  /** Where the cluster that runs the job takes others, rules in SQL say. */
  URI cluster() {
    return flink.ui();
  }

  FlinkJob job() {
    return job;
  }

  void startBroker() {
    broker = Broker.start(new BrokerSettings(directory.resolve("kafka"), port));
    port = Integer.parseInt(bootstrap().substring(bootstrap().indexOf(':') + 1));
  }

  void stopBroker() {
    broker.close();
  }

  void startJob() throws Exception {
    flink =
        FlinkCluster.start(
            new FlinkSettings(directory.resolve("flink"), 0, PARALLELISM + 1, CHECKPOINTS));
    var config =
        new RoutingConfig(
            bootstrap(),
            Map.of(),
            Duration.ofHours(1),
            resendInterval,
            Duration.ofHours(1),
            delivery,
            CHECKPOINTS,
            16);
    job =
        flink.submit(
            AlertRoutingJob.NAME,
            env -> {
              env.setParallelism(PARALLELISM);
              AlertRoutingJob.define(env, config, System.currentTimeMillis());
            });
  }

  /** With a savepoint, as for an upgrade. */
  void stopJob() {
    flink.stopJobs(STOP_LIMIT);
    flink.close();
  }

  /** Without a word, as by a crash: what is left is the last checkpoint. */
  void killJob() {
    flink.close();
  }

  @Override
  public void close() {
    flink.close();
    broker.close();
  }
}

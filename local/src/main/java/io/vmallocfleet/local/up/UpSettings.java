/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.up;

import io.vmallocfleet.detection.DetectionSettings;
import io.vmallocfleet.detection.fleet.FleetSettings;
import io.vmallocfleet.local.simulation.Misbehaviour;
import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.RoutingConfig;
import io.vmallocfleet.pipeline.delivery.DeliverySettings;
import io.vmallocfleet.pipeline.delivery.HttpAccess;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a local stack runs.
 *
 * @param interval from one reading of this host's file to the next, and of each simulated host's
 * @param window length of the pipeline's windows
 * @param hosts simulated hosts, from 0
 * @param kafkaPort 0 takes a free one
 * @param uiPort 0 takes a free one
 * @param consolePort 0 takes a free one
 * @param sqlPort 0 takes a free one
 * @param alertmanagers told of every alert; without any, alerts show in the terminal only
 */
record UpSettings(
    Duration interval,
    Duration window,
    int hosts,
    Optional<Misbehaviour> inject,
    int kafkaPort,
    int uiPort,
    int consolePort,
    int sqlPort,
    List<URI> alertmanagers) {
  /** Also how long a finished window stays invisible at most. */
  static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(2);

  /** Partitions of each topic, and tasks of each operator. */
  static final int PARALLELISM = 2;

  /** Queries of one task each, and rules in SQL, that can run at a time. */
  static final int SQL_SLOTS = 6;

  /**
   * A trial lasts minutes, so growth is judged in buckets of one window, and nine of them have to
   * do: enough for a leak to be seen, and much too little to page anybody.
   */
  private static final double TRIAL_MINIMUM_Z = 3.5;

  private static final Duration KAFKA_HOLDS_TRANSACTIONS = Duration.ofDays(7);

  PipelineConfig pipeline(String bootstrap) {
    return new PipelineConfig(
        bootstrap,
        Map.of(),
        window,
        Duration.ofSeconds(1),
        // Above the interval: a partition with one host must not fall idle between its snapshots.
        interval.multipliedBy(2).plusSeconds(1),
        Duration.ofSeconds(30),
        // A stack started again next week must still find what its last checkpoint promised.
        KAFKA_HOLDS_TRANSACTIONS,
        CHECKPOINT_INTERVAL,
        720,
        DetectionSettings.DEFAULTS.withBucket(window).withMinimumZ(TRIAL_MINIMUM_Z),
        FleetSettings.DEFAULTS.withLooks(window));
  }

  RoutingConfig routing(String bootstrap, URI console) {
    return new RoutingConfig(
        bootstrap,
        Map.of(),
        Duration.ofHours(1),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        new DeliverySettings(
            alertmanagers,
            List.of(),
            HttpAccess.OPEN,
            Duration.ofMinutes(15),
            DeliverySettings.RUNBOOKS,
            console.toString()),
        CHECKPOINT_INTERVAL,
        720);
  }
}

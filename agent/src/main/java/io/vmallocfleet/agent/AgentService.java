/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent;

import io.vmallocfleet.agent.host.HostFiles;
import io.vmallocfleet.agent.host.HostIdentities;
import io.vmallocfleet.agent.metrics.AgentFigures;
import io.vmallocfleet.agent.metrics.MetricsServer;
import io.vmallocfleet.agent.publish.Delivery;
import io.vmallocfleet.agent.spool.Spool;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Reads and publishes until a signal says stop. */
final class AgentService {
  /** After a signal: for the reading in progress, delivering, closing. */
  private static final Duration FLUSH_LIMIT = Duration.ofSeconds(3);

  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private AgentService() {}

  /** Returns the exit code, once the spool is closed. */
  static int run(AgentConfig config) throws IOException, InterruptedException {
    Logger log = System.getLogger(AgentService.class.getName());
    HostIdentity host = HostIdentities.read(HostFiles.REAL, config.labels());
    log.log(Level.INFO, "host {0} id={1} {2}", host.hostname(), host.id(), config);

    Clock clock = Clock.systemUTC();
    var stopping = new CountDownLatch(1);
    var stopped = new CountDownLatch(1);
    try (var spool = Spool.open(config.spool(), config.spoolLimits(), clock);
        var delivery =
            Delivery.start(spool, config.bootstrap(), config.topic(), config.kafka(), FLUSH_LIMIT);
        var agent = HostAgent.start(host, config, spool, clock)) {
      if (config.metricsPort() != 0) {
        serveMetrics(config, agent, spool, delivery);
      }
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> stop(agent, stopping, stopped), "vmalloc-stop"));
      agent.awaitEnd();
    }
    boolean asked = stopping.getCount() == 0;
    log.log(asked ? Level.INFO : Level.ERROR, asked ? "stopped" : "the reading thread ended");
    stopped.countDown();
    return asked ? 0 : 1;
  }

  /** Until the process ends, so that health answers while it stops. */
  private static void serveMetrics(
      AgentConfig config, HostAgent agent, Spool spool, Delivery delivery) throws IOException {
    MetricsServer.start(
        config.metricsAddress(),
        config.metricsPort(),
        new AgentFigures(agent.readings(), spool, delivery::acknowledged, delivery::away));
  }

  /** On a signal: lets the main thread close everything, then leaves with 0 rather than 143. */
  private static void stop(HostAgent agent, CountDownLatch stopping, CountDownLatch stopped) {
    if (stopped.getCount() == 0) {
      return;
    }
    stopping.countDown();
    agent.close();
    boolean inTime = false;
    try {
      inTime = stopped.await(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(inTime ? 0 : 1);
  }
}

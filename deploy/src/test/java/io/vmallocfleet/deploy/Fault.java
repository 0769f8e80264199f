/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Something that happens to a running stack, and what the person on duty does about it.
 *
 * @param lasts from the one to the other
 */
record Fault(
    String name,
    String what,
    Consumer<FaultStack> begin,
    Duration lasts,
    Consumer<FaultStack> end) {
  private static final Duration NONE = Duration.ZERO;
  private static final Duration OUTAGE = Duration.ofSeconds(30);

  /** What can be tried on one broker, the most likely first. */
  static List<Fault> all() {
    return List.of(
        new Fault("none", "nothing happens: for comparison", s -> {}, NONE, s -> {}),
        killed("taskmanager", "both TaskManagers: kill -9"),
        killed("jobmanager", "JobManager: kill -9"),
        killed("kafka", "the only broker: kill -9"),
        new Fault(
            "kill-agent",
            "agent: kill -9",
            s -> s.killAgent(0),
            NONE,
            s -> s.compose().start("agent")),
        new Fault(
            "kill-agent-cut-off",
            "agent: kill -9 while its broker is away and five snapshots wait on its disk",
            s -> {
              s.compose().disconnect("agent");
              s.killAgent(5);
            },
            NONE,
            s -> {
              s.compose().connect("agent");
              s.compose().start("agent");
            }),
        killed("alertmanager", "Alertmanager: kill -9"),
        new Fault(
            "kill-sql-gateway",
            "SQL gateway: kill -9 while it answers a question",
            FaultStack::killGatewayWhileAsked,
            NONE,
            FaultStack::restartGateway),
        cut("agent", "network between agent and broker cut for 30 s"),
        cut("taskmanager", "network between broker and TaskManagers cut for 30 s"),
        lossy("agent", "network between agent and broker gone every other two seconds, for 30 s"),
        lossy("taskmanager", "the same between broker and TaskManagers"),
        new Fault(
            "slow-broker",
            "the broker sends no more than a megabit a second, for 30 s",
            FaultStack::slowBrokerDown,
            OUTAGE,
            FaultStack::speedBrokerUp),
        new Fault(
            "lossy-broker",
            "of the broker's packets a fifth is lost, in both directions, for 30 s",
            FaultStack::losePackets,
            OUTAGE,
            FaultStack::losePacketsNoMore),
        new Fault("poison", "100 records that are no snapshots", s -> s.poison(100), NONE, s -> {}),
        new Fault(
            "clock-jump",
            "the clock of one host an hour ahead for 30 s, then back",
            FaultStack::jumpAhead,
            OUTAGE,
            FaultStack::jumpBack),
        new Fault(
            "taskmanager-memory",
            "a TaskManager out of memory: the kernel kills it",
            s -> s.compose().outOfMemory("taskmanager"),
            NONE,
            s -> s.compose().heal()),
        new Fault(
            "spool-full",
            "agent's disk full, and its broker away for 30 s",
            s -> {
              s.compose().shell("agent", "dd if=/dev/zero of=/var/lib/vmalloc-agent/full bs=64k");
              s.compose().disconnect("agent");
            },
            OUTAGE,
            s -> {
              s.compose().shell("agent", "rm -f /var/lib/vmalloc-agent/full");
              s.compose().connect("agent");
            }),
        new Fault(
            "broker-disk-full",
            "the only broker's disk full for a minute",
            FaultStack::fillBrokersDisk,
            Duration.ofMinutes(1),
            FaultStack::freeBrokersDisk),
        new Fault(
            "rolling-restart",
            "each part stopped and started in turn",
            s -> s.rollingRestart("kafka", "jobmanager", "taskmanager", "agent", "alertmanager"),
            NONE,
            s -> {}),
        new Fault(
            "topic-recreated",
            "the snapshots topic deleted and made anew",
            FaultStack::recreateTopic,
            NONE,
            s -> {}));
  }

  /** On three brokers with three replicas, and two Alertmanagers. */
  static List<Fault> ofThreeBrokers() {
    return List.of(
        away("one-of-three-brokers", "one of three brokers: kill -9", "kafka3"),
        new Fault(
            "active-controller",
            "of three brokers the active controller: kill -9",
            FaultStack::killController,
            OUTAGE,
            s -> s.compose().heal()),
        away("one-of-two-alertmanagers", "one of two Alertmanagers: kill -9", "alertmanager"));
  }

  private static Fault killed(String service, String what) {
    return killed("kill-" + service, what, service, NONE);
  }

  /** Killed, and started again after a while. */
  private static Fault away(String name, String what, String service) {
    return killed(name, what, service, OUTAGE);
  }

  private static Fault killed(String name, String what, String service, Duration lasts) {
    return new Fault(
        name, what, s -> s.compose().kill(service), lasts, s -> s.compose().start(service));
  }

  private static Fault cut(String service, String what) {
    return new Fault(
        "cut-" + service,
        what,
        s -> s.compose().disconnect(service),
        OUTAGE,
        s -> s.compose().connect(service));
  }

  private static Fault lossy(String service, String what) {
    return new Fault("lossy-" + service, what, s -> s.flap(service, OUTAGE), NONE, s -> {});
  }
}

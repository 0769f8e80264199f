/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

/**
 * Faults, one after another, on the stack of the compose file under load. Run by {@code
 * deploy/faults/run}, which says how; results go to {@code docs/reliability.md}.
 */
class FaultSuite {
  private static final int HOSTS = Integer.getInteger("vmallocfleet.faults.hosts", 2000);
  private static final Duration INTERVAL =
      Duration.ofSeconds(Integer.getInteger("vmallocfleet.faults.interval", 10));
  private static final Set<String> WANTED =
      Set.of(System.getProperty("vmallocfleet.faults", "").split(","));
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(3);

  /** A host's next window says what is missing before it. */
  private static final Duration TOLD_WITHIN = Duration.ofMinutes(1);

  /** Of a topic that was made anew. */
  private static final Duration LOOKED_AT = Duration.ofSeconds(30);

  /** A leak is judged over several buckets. */
  private static final Duration PAGED_WITHIN = Duration.ofMinutes(15);

  private static FaultStack stack;

  private final Reliability published = new Reliability(Path.of("../docs"));

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @TestFactory
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  Stream<DynamicTest> one_broker() throws IOException {
    return faults(
        Fault.all(),
        "docker-compose.yml",
        "deploy/trial/compose.yaml",
        "deploy/faults/compose.yaml");
  }

  @TestFactory
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  Stream<DynamicTest> three_brokers() throws IOException {
    return faults(
        Fault.ofThreeBrokers(),
        "docker-compose.yml",
        "deploy/trial/compose.yaml",
        "deploy/faults/compose.yaml",
        "deploy/three-brokers/compose.yaml");
  }

  private Stream<DynamicTest> faults(List<Fault> all, String... files) throws IOException {
    assumeThat(Compose.isHere()).as("a Docker engine with Compose").isTrue();
    List<Fault> wanted =
        all.stream().filter(f -> WANTED.contains("") || WANTED.contains(f.name())).toList();
    stop();
    stack = null;
    if (!wanted.isEmpty()) {
      List<String> names = wanted.stream().map(Fault::name).toList();
      stack = FaultStack.start("vmalloc-fleet-faults", names, HOSTS, INTERVAL, files);
      assertThat(Eventually.isWithin(PAGED_WITHIN, () -> stack.leakIsPaged()))
          .as("the leak pages")
          .isTrue();
    }
    return wanted.stream().map(f -> DynamicTest.dynamicTest(f.what(), () -> happen(f)));
  }

  private void happen(Fault fault) throws IOException {
    stack.awaitWindowAfter(Instant.now());
    Eventually.is("the leak's alert in Alertmanager", () -> !stack.leakAlerts().isEmpty());
    Ledger ledger = stack.ledger();
    Instant from = ledger.newestWindow();
    Ledger.Balance before = ledger.balance(from, from);
    Set<String> alerts = stack.leakAlerts().keySet();

    fault.begin().accept(stack);
    stack.goBlind(fault.name());
    FaultStack.letPass(fault.lasts());
    Instant over = Instant.now();
    fault.end().accept(stack);
    String problem = "";
    try {
      stack.awaitWindowAfter(over);
    } catch (AssertionError e) {
      problem = "no window within " + Eventually.PATIENCE.toSeconds() + " s";
    }
    Instant back = Instant.now();

    boolean sameTopic = stack.ledger() == ledger;
    if (problem.isEmpty()) {
      // All of the recovery is looked at. Of a new topic no window that began before it is, so some
      // that begin now must be.
      stack.awaitWindowAfter(sameTopic ? back : over.plus(LOOKED_AT));
    }
    Instant since = sameTopic ? from : over;
    Instant until = stack.ledger().newestWindow();
    long missingBefore = sameTopic ? before.missing() : 0;
    Eventually.isWithin(
        SETTLED_WITHIN,
        () -> {
          stack.ledger().look();
          return balance(since, until).lost() == missingBefore;
        });
    boolean alertStands =
        Eventually.isWithin(
            SETTLED_WITHIN,
            () -> {
              Map<String, Instant> told = stack.leakAlerts();
              return alerts.stream().allMatch(a -> told.getOrDefault(a, Instant.MIN).isAfter(back));
            });
    boolean beginningTold =
        Eventually.isWithin(SETTLED_WITHIN, () -> stack.blindnessIsTold(fault.name()));
    Eventually.isWithin(
        TOLD_WITHIN,
        () -> {
          stack.ledger().look();
          Ledger.Balance now = balance(since, until);
          return now.told() >= now.late();
        });
    Ledger.Balance after = balance(since, until);
    List<PageReceiver.Page> repeats = stack.newRepeats();
    if (!repeats.isEmpty()) {
      problem += (problem.isEmpty() ? "" : "; ") + "told again: " + repeats;
    }
    long missing = after.missing() - missingBefore;
    var outcome =
        new Outcome(
            fault.name(),
            fault.what(),
            HOSTS,
            INTERVAL.toSeconds(),
            after.sent(),
            missing + after.uncounted() + stack.ledger().unreadableWithoutDeadLetter(),
            after.told(),
            after.late(),
            after.doubled(),
            repeats.size(),
            Duration.between(over, back).toMillis() / 1000.0,
            alertStands,
            beginningTold,
            problem,
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    published.publish(outcome);
    assertThat(outcome).as("%s", outcome).matches(Outcome::isGood);
  }

  private static Ledger.Balance balance(Instant from, Instant until) {
    return stack.ledger().balance(from, until);
  }
}

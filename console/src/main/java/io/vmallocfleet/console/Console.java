/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console;

import io.vmallocfleet.callers.CallerKnowledge;
import io.vmallocfleet.console.feed.FleetFeed;
import io.vmallocfleet.console.feed.PipelineProbe;
import io.vmallocfleet.console.feed.RuleWriter;
import io.vmallocfleet.console.feed.SnapshotLookup;
import io.vmallocfleet.console.sql.SqlQuestions;
import io.vmallocfleet.console.store.FleetStore;
import io.vmallocfleet.console.web.ConsoleServer;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The web console: a store filled from the topics, and the pages and the API over it. It answers
 * from the start and says how far the store is.
 */
public final class Console implements AutoCloseable {
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final ConsoleServer server;

  private Console(ConsoleSettings settings, Clock clock) {
    var knowledge = CallerKnowledge.bundled();
    var store = new FleetStore(knowledge);
    var feed = new FleetFeed(settings.kafka(), store, clock);
    parts.push(feed);
    var lookup = new SnapshotLookup(settings.kafka());
    parts.push(lookup);
    var rules = new RuleWriter(settings.kafka());
    parts.push(rules);
    var probe = new PipelineProbe(settings.kafka(), settings.flink(), clock);
    parts.push(probe);
    var questions = settings.sqlGateway().map(SqlQuestions::new);
    questions.ifPresent(parts::push);
    server =
        new ConsoleServer(
            settings, store, knowledge, feed::status, lookup::find, rules, probe, questions, clock);
    parts.push(server);
  }

  /**
   * Starts it; Kafka need not be there yet.
   *
   * @throws IllegalStateException if the port cannot be had
   */
  public static Console start(ConsoleSettings settings, Clock clock) {
    var console = new Console(settings, clock);
    try {
      console.server.start();
      return console;
    } catch (RuntimeException e) {
      console.close();
      throw e;
    }
  }

  /** Where a browser finds it. */
  public URI url() {
    return server.url();
  }

  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        System.getLogger(Console.class.getName())
            .log(System.Logger.Level.WARNING, "stopping the console", e);
      }
    }
  }
}

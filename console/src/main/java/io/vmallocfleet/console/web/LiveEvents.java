/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.web;

import io.javalin.http.sse.SseClient;
import io.vmallocfleet.console.feed.FeedStatus;
import io.vmallocfleet.console.store.FleetStore;
import java.time.Clock;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Tells open pages that there is something new to read: an event when a window, an alert or the
 * state of the feed changes, and one every few seconds as a sign of life.
 */
final class LiveEvents implements AutoCloseable {
  private static final int MOST_CLIENTS = 500;
  private static final long LOOK_EVERY_MILLIS = 500;
  private static final long SIGN_OF_LIFE_MILLIS = 10_000;

  private final FleetStore store;
  private final Supplier<FeedStatus> feed;
  private final Clock clock;
  private final Queue<SseClient> clients = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "console-live");
            thread.setDaemon(true);
            return thread;
          });
  private State last;
  private long lastSentAt;

  /** What a page compares with what it shows. */
  record State(long window, long alerts, String phase, double progress, String trouble) {}

  LiveEvents(FleetStore store, Supplier<FeedStatus> feed, Clock clock) {
    this.store = store;
    this.feed = feed;
    this.clock = clock;
    scheduler.scheduleWithFixedDelay(
        this::look, LOOK_EVERY_MILLIS, LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  void add(SseClient client) {
    if (count.incrementAndGet() > MOST_CLIENTS) {
      count.decrementAndGet();
      client.sendEvent("full", Map.of("clients", MOST_CLIENTS));
      client.close();
      return;
    }
    client.keepAlive();
    client.onClose(
        () -> {
          if (clients.remove(client)) {
            count.decrementAndGet();
          }
        });
    client.sendEvent("state", state());
    clients.add(client);
  }

  private State state() {
    FeedStatus status = feed.get();
    FleetStore.Version version = store.version();
    return new State(
        version.window(),
        version.alerts(),
        status.phase().name(),
        Math.floor(status.progress() * 1000) / 1000,
        status.trouble());
  }

  private void look() {
    State now = state();
    long millis = clock.millis();
    if (now.equals(last) && millis - lastSentAt < SIGN_OF_LIFE_MILLIS) {
      return;
    }
    last = now;
    lastSentAt = millis;
    for (SseClient client : clients) {
      client.sendEvent("state", now);
    }
  }

  @Override
  public void close() {
    scheduler.shutdownNow();
    clients.forEach(SseClient::close);
  }
}

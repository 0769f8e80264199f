/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.publish;

import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.agent.spool.Spool;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/**
 * Empties a spool into Kafka, in a thread of its own: the oldest snapshot is sent, and removed once
 * all in-sync replicas have it; then the next. One is in memory at a time. Whatever keeps the
 * broker from taking a snapshot is retried once a second until the spool drops it; only one too
 * large for the topic is dropped here.
 *
 * <p>A repeated attempt may deliver twice: the pipeline drops by host, run and sequence.
 */
public final class Delivery implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Delivery.class.getName());

  private static final Duration IDLE = Duration.ofMinutes(1);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration CLOSE_PRODUCER = Duration.ofSeconds(1);

  private final Spool spool;
  private final String topic;
  private final String bootstrap;
  private final Properties settings;
  private final Duration flushLimit;
  private final CompletableFuture<Void> closing = new CompletableFuture<>();
  private final Thread thread = new Thread(this::run, "vmalloc-delivery");
  private KafkaProducer<byte[], byte[]> producer;
  private volatile long acknowledged;
  private volatile String away = "";

  private Delivery(
      Spool spool, String bootstrap, String topic, Map<String, String> kafka, Duration flushLimit) {
    this.spool = spool;
    this.topic = topic;
    this.bootstrap = bootstrap;
    this.flushLimit = flushLimit;
    this.settings = ProducerSettings.of(bootstrap, kafka);
    // One record at a time: nothing to wait for, and a few KiB in which level 3 saves nothing.
    settings.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "5000");
    settings.putIfAbsent(ProducerConfig.COMPRESSION_ZSTD_LEVEL_CONFIG, "1");
    if (!kafka.containsKey(ProducerConfig.LINGER_MS_CONFIG)) {
      settings.put(ProducerConfig.LINGER_MS_CONFIG, "0");
    }
    thread.setDaemon(true);
  }

  /**
   * Starts at once; a broker that is away is waited for.
   *
   * @param kafka client properties that go before ours, TLS and SASL among them
   * @param flushLimit how long {@link #close} goes on delivering
   */
  public static Delivery start(
      Spool spool, String bootstrap, String topic, Map<String, String> kafka, Duration flushLimit) {
    var delivery = new Delivery(spool, bootstrap, topic, kafka, flushLimit);
    delivery.thread.start();
    return delivery;
  }

  /** Snapshots the broker has acknowledged. */
  public long acknowledged() {
    return acknowledged;
  }

  /** Why the broker does not take snapshots; empty if it does, or has not been asked. */
  public Optional<String> away() {
    return Optional.of(away).filter(why -> !why.isEmpty());
  }

  /** Delivers what is left, within the flush limit and two seconds. The spool stays open. */
  @Override
  public void close() {
    try {
      if (away.isEmpty()) {
        spool.awaitEmpty(flushLimit);
      }
      closing.complete(null);
      spool.stopWaiting();
      // Not interrupted: that would close the spool's file under it.
      thread.join(CLOSE_PRODUCER.toMillis() * 2);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      while (!closing.isDone()) {
        Optional<Spool.Queued> next = spool.first(IDLE);
        if (next.isPresent()) {
          deliver(next.get());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closeProducer();
    }
  }

  private void deliver(Spool.Queued queued) throws InterruptedException {
    try {
      var ack = new CompletableFuture<Void>();
      send(queued.snapshot(), ack);
      CompletableFuture.anyOf(ack, closing).join();
      if (ack.isDone()) {
        spool.remove(queued.id());
        acknowledged++;
        here();
      }
    } catch (CompletionException e) {
      failed(queued, (Exception) e.getCause());
    } catch (RuntimeException e) {
      failed(queued, e);
    }
  }

  private void send(Outgoing snapshot, CompletableFuture<Void> ack) {
    if (producer == null) {
      producer = new KafkaProducer<>(settings);
    }
    producer.send(
        new ProducerRecord<>(
            topic, snapshot.hostId().getBytes(StandardCharsets.UTF_8), snapshot.snapshot()),
        (metadata, failure) -> {
          if (failure == null) {
            ack.complete(null);
          } else {
            ack.completeExceptionally(failure);
          }
        });
  }

  private void failed(Spool.Queued queued, Exception failure) throws InterruptedException {
    if (failure instanceof RecordTooLargeException) {
      LOG.log(
          Level.WARNING,
          "a snapshot of {0} bytes is dropped, it is too large for topic {1}: {2}; raise the"
              + " topic''s max.message.bytes",
          queued.snapshot().snapshot().length,
          topic,
          failure.getMessage());
      spool.drop(queued.id());
      return;
    }
    spool.giveBack(queued.id());
    away(failure);
    if (!(failure instanceof RetriableException)) {
      // A producer that was refused or fenced stays so; a new one also reads its key stores anew.
      closeProducer();
    }
    try {
      closing.get(RETRY.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // Time for the next attempt.
    }
  }

  private void away(Exception failure) {
    String why = KafkaRefusal.reason(failure);
    if (away.isEmpty()) {
      LOG.log(
          Level.WARNING,
          "Kafka at {0} does not take snapshots: {1}; they wait, vmalloc-agent check says more",
          bootstrap,
          why);
    }
    away = why;
  }

  private void here() {
    if (!away.isEmpty()) {
      LOG.log(Level.INFO, "Kafka at {0} takes snapshots again", bootstrap);
      away = "";
    } else if (acknowledged == 1) {
      LOG.log(Level.INFO, "Kafka at {0} has the first snapshot", bootstrap);
    }
  }

  private void closeProducer() {
    if (producer != null) {
      producer.close(CLOSE_PRODUCER);
      producer = null;
    }
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.publish;

import io.vmallocfleet.agent.AgentConfig;
import io.vmallocfleet.agent.spool.Outbox;
import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.schemas.snapshot.SpoolOccupancy;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Sends snapshots with an idempotent producer: in order, and none twice. A snapshot that could not
 * be delivered within the producer's delivery timeout is dropped, logged and counted: for hosts
 * whose snapshots need not survive, such as simulated ones. Thread safe.
 */
public final class SnapshotPublisher implements Outbox, AutoCloseable {
  private static final Logger LOG = System.getLogger(SnapshotPublisher.class.getName());

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final String topic;
  private final Producer<byte[], byte[]> producer;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();

  /** Publishes to the product's own topic. */
  public SnapshotPublisher(String bootstrap, Map<String, String> kafka) {
    this(bootstrap, AgentConfig.TOPIC, kafka);
  }

  /**
   * Connects in the background; a broker that is away is retried.
   *
   * @param kafka client properties that go before ours, TLS and SASL among them
   */
  public SnapshotPublisher(String bootstrap, String topic, Map<String, String> kafka) {
    this.topic = topic;
    this.producer = new KafkaProducer<>(ProducerSettings.of(bootstrap, kafka));
  }

  public void publish(String hostId, byte[] snapshot) {
    put(new Outgoing(hostId, snapshot, 0, 0));
  }

  @Override
  public void put(Outgoing snapshot) {
    dropped.addAndGet(-snapshot.droppedBefore());
    var record =
        new ProducerRecord<>(
            topic, snapshot.hostId().getBytes(StandardCharsets.UTF_8), snapshot.snapshot());
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              acknowledged.incrementAndGet();
            } else {
              drop(snapshot, failure);
            }
          });
    } catch (KafkaException e) {
      // Too large, or no room in the buffer for as long as the producer may block.
      drop(snapshot, e);
    }
  }

  @Override
  public long dropped() {
    return dropped.get();
  }

  /** None: what the producer buffers goes with the process. */
  @Override
  public SpoolOccupancy occupancy() {
    return SpoolOccupancy.NONE;
  }

  /** Snapshots the broker has acknowledged. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** Waits until everything put so far is acknowledged or dropped. */
  public void flush() {
    producer.flush();
  }

  /** Waits for what is under way, within five seconds. */
  @Override
  public void close() {
    producer.close(CLOSE_LIMIT);
  }

  private void drop(Outgoing snapshot, Exception failure) {
    dropped.addAndGet(1 + snapshot.droppedBefore());
    LOG.log(
        Level.WARNING,
        "snapshot of host {0} dropped, not delivered: {1}",
        snapshot.hostId(),
        failure);
  }
}

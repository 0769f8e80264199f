/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.agent.publish;

import io.vmallocfleet.schemas.snapshot.SnapshotWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends snapshots with an idempotent producer: in order, and none twice. A snapshot that could not
 * be delivered within the producer's delivery timeout is dropped, logged and counted; the count
 * goes out with the next snapshot. Thread safe.
 */
public final class SnapshotPublisher implements AutoCloseable {
  private static final Logger LOG = System.getLogger(SnapshotPublisher.class.getName());

  /** Topic of the snapshots; {@code FleetTopic.SNAPSHOTS}, spelled out because Avro stays out. */
  static final String TOPIC = "vmalloc.snapshots";

  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final AtomicLong acknowledged = new AtomicLong();
  private final AtomicLong droppedSinceAsked = new AtomicLong();

  /**
   * Connects in the background; a broker that is away is retried.
   *
   * @param kafka client properties that go before ours, TLS and SASL among them
   */
  public SnapshotPublisher(String bootstrap, Map<String, String> kafka) {
    this.producer = new KafkaProducer<>(properties(bootstrap, kafka));
  }

  public void publish(String hostId, byte[] snapshot) {
    var record = new ProducerRecord<>(TOPIC, hostId.getBytes(StandardCharsets.UTF_8), snapshot);
    try {
      producer.send(
          record,
          (metadata, failure) -> {
            if (failure == null) {
              acknowledged.incrementAndGet();
            } else {
              drop(hostId, failure);
            }
          });
    } catch (KafkaException e) {
      // Too large, or no room in the buffer for as long as the producer may block.
      drop(hostId, e);
    }
  }

  /** Snapshots the broker has acknowledged. */
  public long acknowledged() {
    return acknowledged.get();
  }

  /** Snapshots dropped since this was last asked. */
  public long takeDropped() {
    return droppedSinceAsked.getAndSet(0);
  }

  /** Waits for what is under way, within five seconds. */
  @Override
  public void close() {
    producer.close(CLOSE_LIMIT);
  }

  private void drop(String hostId, Exception failure) {
    droppedSinceAsked.incrementAndGet();
    LOG.log(Level.WARNING, "snapshot of host {0} dropped, not delivered: {1}", hostId, failure);
  }

  private static Properties properties(String bootstrap, Map<String, String> kafka) {
    var properties = new Properties();
    properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, "vmalloc-agent");
    properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");
    properties.put(ProducerConfig.ACKS_CONFIG, "all");
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "zstd");
    properties.put(ProducerConfig.LINGER_MS_CONFIG, "5");
    properties.put(
        ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
        String.valueOf(SnapshotWriter.DEFAULT_MAX_BYTES + 32 * 1024));
    properties.putAll(kafka);
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    properties.put(
        ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class.getName());
    return properties;
  }
}

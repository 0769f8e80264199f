/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.console.feed;

import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.VmallocSnapshot;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds one host's snapshot in the topic when somebody asks for it: a fleet's snapshots of one
 * minute are a gigabyte, so none is kept. The host's last window says when the snapshot was taken,
 * its id which partition it lies in; from there a second or two of the topic is read.
 */
public final class SnapshotLookup implements AutoCloseable {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(8);

  /** The broker took the record after the host took the snapshot, but their clocks may differ. */
  private static final long BEFORE_MILLIS = 2_000;

  private static final int KEPT = 8;

  private final KafkaConnection kafka;
  private final Map<String, VmallocSnapshot> last =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, VmallocSnapshot> eldest) {
          return size() > KEPT;
        }
      };
  private Consumer<byte[], byte[]> consumer;

  public SnapshotLookup(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  /**
   * The snapshot of a host taken at that time or the next one after it; empty if the topic no
   * longer has it.
   *
   * @param takenAtMillis as the host's window has it
   * @param clockAheadMillis by which that was clamped
   */
  public synchronized Optional<VmallocSnapshot> find(
      String hostId, long takenAtMillis, long clockAheadMillis) {
    String key = hostId + " " + takenAtMillis;
    VmallocSnapshot known = last.get(key);
    if (known != null) {
      return Optional.of(known);
    }
    if (consumer == null) {
      consumer = kafka.consumer();
    }
    List<PartitionInfo> partitions =
        consumer.partitionsFor(FleetTopic.SNAPSHOTS.topicName(), ANSWER_WITHIN);
    if (partitions == null || partitions.isEmpty()) {
      return Optional.empty();
    }
    byte[] hostKey = hostId.getBytes(StandardCharsets.UTF_8);
    // As the producer's default partitioner does.
    int partition = Utils.toPositive(Utils.murmur2(hostKey)) % partitions.size();
    Optional<VmallocSnapshot> found =
        scan(
            new TopicPartition(FleetTopic.SNAPSHOTS.topicName(), partition),
            hostKey,
            takenAtMillis,
            clockAheadMillis);
    found.ifPresent(snapshot -> last.put(key, snapshot));
    return found;
  }

  private Optional<VmallocSnapshot> scan(
      TopicPartition partition, byte[] key, long takenAtMillis, long clockAheadMillis) {
    consumer.assign(List.of(partition));
    OffsetAndTimestamp from =
        consumer
            .offsetsForTimes(Map.of(partition, takenAtMillis - BEFORE_MILLIS), ANSWER_WITHIN)
            .get(partition);
    if (from == null) {
      return Optional.empty();
    }
    long end = consumer.endOffsets(List.of(partition), ANSWER_WITHIN).get(partition);
    consumer.seek(partition, from.offset());
    var codec = new SingleObject<>(VmallocSnapshot.class);
    long deadline = System.nanoTime() + GIVE_UP_AFTER.toNanos();
    VmallocSnapshot latest = null;
    while (consumer.position(partition, ANSWER_WITHIN) < end && System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        if (record.value() == null || !Arrays.equals(record.key(), key)) {
          continue;
        }
        try {
          latest = codec.decode(record.value());
        } catch (UnreadableRecordException e) {
          continue; // the pipeline counts it and keeps it as a dead letter
        }
        if (latest.getTakenAt().toEpochMilli() - clockAheadMillis >= takenAtMillis) {
          return Optional.of(latest);
        }
      }
    }
    return Optional.ofNullable(latest);
  }

  @Override
  public synchronized void close() {
    if (consumer != null) {
      consumer.close();
    }
  }
}

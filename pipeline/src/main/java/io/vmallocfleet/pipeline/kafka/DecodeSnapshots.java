/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.pipeline.kafka;

import io.vmallocfleet.pipeline.usage.Delivery;
import io.vmallocfleet.pipeline.usage.FleetClock;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.Origin;
import io.vmallocfleet.pipeline.usage.SnapshotFold;
import io.vmallocfleet.schemas.DeadLetterReason;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka record to usage or dead letter, in the source, so that the event time is known per
 * partition. Flink's own Avro schemas stay broken after one corrupt record (FLINK-34474,
 * FLINK-31951); this one never throws for what a record holds. Counts {@code unreadableSnapshots}.
 */
final class DecodeSnapshots implements KafkaRecordDeserializationSchema<Delivery> {
  private static final Logger LOG = LoggerFactory.getLogger(DecodeSnapshots.class);

  private transient SnapshotFold fold;
  private transient Map<Integer, FleetClock> clocks;
  private transient Counter unreadable;

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    fold = new SnapshotFold();
    clocks = new HashMap<>();
    unreadable = context.getMetricGroup().counter("unreadableSnapshots");
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<Delivery> out) {
    var origin =
        new Origin(record.topic(), record.partition(), record.offset(), record.timestamp());
    try {
      if (record.value() == null) {
        throw new UnreadableRecordException(
            DeadLetterReason.UNDECODABLE, "record has no value: not a snapshot");
      }
      out.collect(arrived(fold.fold(origin, record.value())));
    } catch (UnreadableRecordException e) {
      unreadable.inc();
      LOG.warn("{} goes to the dead letters: {}", origin, e.getMessage());
      out.collect(Delivery.unreadable(origin, record.value(), e));
    }
  }

  /** A partition's clock starts anew after a restart and is right within a few snapshots. */
  private Delivery arrived(HostUsage usage) {
    Origin origin = usage.origin();
    FleetClock clock = clocks.computeIfAbsent(origin.partition(), p -> new FleetClock());
    long fleetMillis = clock.hear(usage.hostId(), usage.takenAtMillis());
    return Delivery.of(usage, Math.min(origin.appendedAtMillis(), fleetMillis));
  }

  @Override
  public TypeInformation<Delivery> getProducedType() {
    return TypeInformation.of(Delivery.class);
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import io.vmallocfleet.agent.publish.SnapshotPublisher;
import io.vmallocfleet.agent.spool.Outgoing;
import io.vmallocfleet.local.kafka.KafkaAccess;
import io.vmallocfleet.local.simulate.FleetSimulation;
import io.vmallocfleet.local.simulation.host.Delivered;
import io.vmallocfleet.local.simulation.scenario.FleetPlan;
import io.vmallocfleet.local.stack.TopicAdmin;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.snapshot.SnapshotCursor;
import io.vmallocfleet.schemas.snapshot.SnapshotHeader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Fills the topics with an ordinary day of a simulated fleet that ends now: the snapshots, and the
 * areas of the first of them as records of their own.
 */
final class Filling {
  private static final long SEED = 1;

  private final String bootstrap;
  private final Load load;
  private final long snapshotsByArea;
  private final Map<String, Integer> lives = new HashMap<>();
  private final Stretch stretch;
  private final SnapshotCursor cursor = new SnapshotCursor();
  private final Random random = new Random(SEED);
  private final Deque<Outgoing> delayed = new ArrayDeque<>();
  private long snapshots;
  private long snapshotBytes;
  private long areas;
  private long callSites;
  private long areaRecords;

  /**
   * What lies in the topics.
   *
   * @param areas of all snapshots
   * @param callSites of all snapshots
   * @param snapshotBytes as sent, before compression
   * @param topicBytes on the broker's disk
   * @param areaRecords records in the topic of one record per area
   */
  record Filled(
      long snapshots,
      long areas,
      long callSites,
      long snapshotBytes,
      long topicBytes,
      long areaRecords) {
    double areasPerSnapshot() {
      return (double) areas / snapshots;
    }
  }

  private Filling(String bootstrap, Load load, long snapshotsByArea) {
    this.bootstrap = bootstrap;
    this.load = load;
    this.snapshotsByArea = snapshotsByArea;
    this.stretch = new Stretch(load);
  }

  /**
   * Makes the topics of the product and that of one record per area.
   *
   * @param patience how long the broker may take to answer
   */
  static void createTopics(String bootstrap, int partitions, Duration patience) {
    List<TopicAdmin.Wanted> topics = new ArrayList<>(TopicAdmin.wanted(partitions, (short) 1));
    topics.add(
        new TopicAdmin.Wanted(
            PerAreaJob.TOPIC, partitions, (short) 1, Map.of("compression.type", "producer")));
    try (var admin = new TopicAdmin(KafkaAccess.open(bootstrap), patience)) {
      admin.createMissing(topics);
    }
  }

  /**
   * @param snapshotsByArea how many of the snapshots also go out area by area
   * @param patience how long the broker may take to answer
   * @param progress told the share that is done
   */
  static Filled fill(
      String bootstrap, Load load, long snapshotsByArea, Duration patience, DoubleConsumer progress)
      throws IOException {
    var filling = new Filling(bootstrap, load, snapshotsByArea);
    filling.run(progress);
    try (var admin = new TopicAdmin(KafkaAccess.open(bootstrap), patience)) {
      long bytes =
          admin.sizes(List.of(FleetTopic.SNAPSHOTS.topicName())).get(0).bytes().orElseThrow();
      return new Filled(
          filling.snapshots,
          filling.areas,
          filling.callSites,
          filling.snapshotBytes,
          bytes,
          filling.areaRecords);
    }
  }

  private void run(DoubleConsumer progress) throws IOException {
    Duration length = Load.INTERVAL.multipliedBy(load.rounds());
    Instant begin = Instant.now().minus(length).truncatedTo(ChronoUnit.MINUTES);
    FleetPlan plan = FleetPlan.of(List.of(), load.lives(), begin, length, SEED);
    plan.hosts().forEach(host -> lives.put(host.id(), host.index()));
    var simulation = new FleetSimulation(plan, begin, length, Load.INTERVAL, SEED);
    try (var publisher = new SnapshotPublisher(bootstrap, Map.of());
        var byArea = new KafkaProducer<>(byAreaProducer(), serializer(), serializer())) {
      simulation.run(delivered -> send(delivered, publisher, byArea), progress::accept);
      while (!delayed.isEmpty()) {
        publisher.put(delayed.remove());
      }
      publisher.flush();
      byArea.flush();
      if (publisher.dropped() > 0) {
        throw new IOException(publisher.dropped() + " snapshots did not reach the broker");
      }
    }
  }

  private void send(
      Delivered delivered, SnapshotPublisher publisher, KafkaProducer<byte[], byte[]> byArea)
      throws IOException {
    long sentBefore =
        delivered.arrivesAtMicros() - TimeUnit.NANOSECONDS.toMicros(Load.DELAY.toNanos());
    while (!delayed.isEmpty() && delayed.element().takenAtMicros() < sentBefore) {
      publisher.put(delayed.remove());
    }
    try {
      int copies = load.copiesOf(lives.get(delivered.hostId()));
      for (int copy = 0; copy < copies; copy++) {
        byte[] snapshot =
            load.isPlain() ? delivered.snapshot() : stretch.apply(delivered.snapshot(), copy);
        SnapshotHeader header = count(snapshot, byArea);
        var outgoing = new Outgoing(header.host().id(), snapshot, delivered.takenAtMicros(), 0);
        if (random.nextInt(100) < load.latePercent()) {
          delayed.add(outgoing);
        } else {
          publisher.put(outgoing);
        }
      }
    } catch (UnreadableRecordException e) {
      throw new IOException("a snapshot this program made cannot be read", e);
    }
  }

  private SnapshotHeader count(byte[] snapshot, KafkaProducer<byte[], byte[]> byArea)
      throws UnreadableRecordException, IOException {
    SnapshotHeader header = cursor.open(snapshot);
    boolean send = snapshots < snapshotsByArea;
    callSites += cursor.callSites();
    while (cursor.nextArea()) {
      areas++;
      if (send) {
        byArea.send(
            new ProducerRecord<>(
                PerAreaJob.TOPIC,
                header.host().id().getBytes(StandardCharsets.UTF_8),
                area(header)));
        areaRecords++;
      }
    }
    snapshots++;
    snapshotBytes += snapshot.length;
    return header;
  }

  private byte[] area(SnapshotHeader header) throws IOException {
    var area = new GenericData.Record(PerAreaJob.SCHEMA);
    area.put("host", header.host().id());
    area.put(
        "kernel",
        "%s %s %s"
            .formatted(
                header.host().kernelRelease(),
                header.host().kernelBuild(),
                header.host().architecture()));
    area.put("takenAtMillis", header.takenAtMicros() / 1000);
    area.put("caller", cursor.callSite() < 0 ? "(no caller)" : cursor.function(cursor.callSite()));
    area.put("size", cursor.size());
    area.put("bytes", cursor.pages() * header.host().pageSize());
    var bytes = new ByteArrayOutputStream(128);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericData.Record>(PerAreaJob.SCHEMA).write(area, encoder);
    return bytes.toByteArray();
  }

  private Map<String, Object> byAreaProducer() {
    return Map.of(
        "bootstrap.servers",
        bootstrap,
        "compression.type",
        "zstd",
        "linger.ms",
        20,
        "batch.size",
        256 << 10);
  }

  private static ByteArraySerializer serializer() {
    return new ByteArraySerializer();
  }
}

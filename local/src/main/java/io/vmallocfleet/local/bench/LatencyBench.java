/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.vmallocfleet.local.simulate.FleetSimulation;
import io.vmallocfleet.local.simulation.host.Delivered;
import io.vmallocfleet.local.simulation.scenario.FleetPlan;
import io.vmallocfleet.local.simulation.scenario.Scenario;
import io.vmallocfleet.local.stack.StackException;
import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.schemas.Finding;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import io.vmallocfleet.schemas.UnreadableRecordException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import javax.annotation.Nullable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * How long after the watermark a finding lies in its topic: job {@code fleet-analytics} as deployed
 * on a topic that is filled at a steady rate. A tenth of the hosts report lines they could not
 * parse, a finding in every window.
 *
 * <p>Latency is from the moment the broker has the last snapshot needed to close a window ({@link
 * Watermarks}) to the moment a consumer that waits for nothing else has the finding. The fleet's
 * minutes pass as fast as the rate allows, so what Flink adds in real time, up to 200 ms between
 * two watermarks, is in the figure only in part.
 */
final class LatencyBench {
  private static final long SEED = 1;

  private static final String SCENARIO =
      """
      about: Findings in every window.
      hosts: 10
      duration: 1h
      events:
        - type: unparsed
          where: {share: 10%}
          when: {at: 0%}
          lines: 3
      """;

  private final Bench.Settings settings;
  private final int perSecond;
  private final Progress progress;
  private final ObjectMapper json = new ObjectMapper();
  private volatile @Nullable Exception lost;

  LatencyBench(Bench.Settings settings, int perSecond, Progress progress) {
    this.settings = settings;
    this.perSecond = perSecond;
    this.progress = progress;
  }

  Latency run(Path directory) throws IOException {
    try (JavaProcess broker =
        BrokerProcess.start(directory.resolve("kafka"), directory.resolve("kafka.log"))) {
      String bootstrap = broker.hear();
      progress.begin(Bench.WAITING);
      Filling.createTopics(bootstrap, settings.parallelism(), Bench.PATIENCE);
      var setup =
          new JobProcess.Setup(
              Variant.ANALYTICS,
              bootstrap,
              broker.pid(),
              directory.resolve("flink").toString(),
              settings.parallelism(),
              settings.stateBackend(),
              settings.flink(),
              0,
              null);
      List<String> options = new ArrayList<>(JobProcess.heapOptions(settings.heap()));
      options.addAll(
          List.of(
              CompilerTime.KEEP_THREADS, "-Dvmallocfleet.log=" + directory.resolve("flink.log")));
      try (JavaProcess job =
              JavaProcess.start(options, JobProcess.class, json.writeValueAsString(setup));
          var arrivals = new Arrivals(bootstrap)) {
        job.say(String.valueOf(settings.load().snapshots()));
        var watermarks =
            new Watermarks(
                settings.parallelism(), config(bootstrap).maxOutOfOrderness().toMillis());
        feed(bootstrap, directory, job, watermarks, arrivals);
        progress.end();
        return arrivals.latency(watermarks);
      }
    }
  }

  private static PipelineConfig config(String bootstrap) {
    return PipelineConfig.from(Map.of("VMALLOC_PIPELINE_BOOTSTRAP", bootstrap));
  }

  private void feed(
      String bootstrap, Path directory, JavaProcess job, Watermarks watermarks, Arrivals arrivals)
      throws IOException {
    Load load = settings.load();
    Duration length = Load.INTERVAL.multipliedBy(load.rounds());
    Instant begin = Instant.now().minus(length).truncatedTo(ChronoUnit.MINUTES);
    Path scenario = Files.writeString(directory.resolve("latency.yaml"), SCENARIO);
    FleetPlan plan =
        FleetPlan.of(
            List.of(new FleetPlan.Named("latency", Scenario.find(scenario.toString()))),
            load.lives(),
            begin,
            length,
            SEED);
    progress.begin("%,d snapshots, %,d a second".formatted(load.snapshots(), perSecond));
    try (var producer = new KafkaProducer<>(producer(bootstrap), serializer(), serializer())) {
      var pace = new Pace(perSecond);
      var sent = new LongAdder();
      new FleetSimulation(plan, begin, length, Load.INTERVAL, SEED)
          .run(
              delivered -> {
                if (sent.sum() == load.hosts()) {
                  job.hear(); // it runs: what it needs to start is no latency
                  pace.begin();
                }
                pace.await();
                send(delivered, producer, watermarks);
                sent.increment();
                arrivals.poll(Duration.ZERO);
              },
              progress::share);
      producer.flush();
    }
    if (lost != null) {
      throw new IOException("a snapshot did not reach the broker: " + lost.getMessage(), lost);
    }
    arrivals.pollUntilQuiet();
  }

  private void send(
      Delivered delivered, KafkaProducer<byte[], byte[]> producer, Watermarks watermarks) {
    long takenAtMillis = delivered.takenAtMicros() / 1000;
    producer.send(
        new ProducerRecord<>(
            FleetTopic.SNAPSHOTS.topicName(),
            delivered.hostId().getBytes(StandardCharsets.UTF_8),
            delivered.snapshot()),
        (sent, failure) -> {
          if (failure == null) {
            watermarks.appended(sent.partition(), takenAtMillis, sent.timestamp());
          } else {
            lost = failure;
          }
        });
  }

  private static Map<String, Object> producer(String bootstrap) {
    return Map.of("bootstrap.servers", bootstrap, "compression.type", "zstd", "linger.ms", 5);
  }

  private static ByteArraySerializer serializer() {
    return new ByteArraySerializer();
  }

  /** So many calls a second, evenly; what was late is made up for. */
  private static final class Pace {
    private final long everyNanos;
    private long dueNanos;

    Pace(int perSecond) {
      everyNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
      begin();
    }

    void begin() {
      dueNanos = System.nanoTime();
    }

    void await() {
      dueNanos += everyNanos;
      for (long left = dueNanos - System.nanoTime();
          left > 0;
          left = dueNanos - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }

  /** Findings as they come, and when. */
  private static final class Arrivals implements AutoCloseable {
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final SingleObject<Finding> codec = new SingleObject<>(Finding.class);
    private final LongStream.Builder windowEnds = LongStream.builder();
    private final LongStream.Builder arrivedAt = LongStream.builder();

    Arrivals(String bootstrap) {
      consumer =
          new KafkaConsumer<>(
              Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      consumer.assign(
          consumer.partitionsFor(FleetTopic.FINDINGS.topicName()).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList());
    }

    boolean poll(Duration wait) {
      var records = consumer.poll(wait);
      long now = System.currentTimeMillis();
      for (ConsumerRecord<byte[], byte[]> record : records) {
        try {
          windowEnds.add(codec.decode(record.value()).getWindowEnd().toEpochMilli());
          arrivedAt.add(now);
        } catch (UnreadableRecordException e) {
          throw new StackException("a finding this program made cannot be read", e);
        }
      }
      return !records.isEmpty();
    }

    void pollUntilQuiet() {
      while (poll(QUIET)) {
        // more may follow
      }
    }

    Latency latency(Watermarks watermarks) {
      long[] ends = windowEnds.build().toArray();
      long[] arrived = arrivedAt.build().toArray();
      LongStream.Builder millis = LongStream.builder();
      for (int i = 0; i < ends.length; i++) {
        long at = arrived[i];
        watermarks.passed(ends[i]).ifPresent(passed -> millis.add(at - passed));
      }
      return Latency.of(millis.build().toArray());
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}

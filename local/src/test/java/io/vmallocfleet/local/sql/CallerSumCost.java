/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.sql;

import io.vmallocfleet.agent.Snapshots;
import io.vmallocfleet.agent.snapshot.SnapshotEncoder;
import io.vmallocfleet.agent.vmallocinfo.AreaTable;
import io.vmallocfleet.agent.vmallocinfo.ParserLimits;
import io.vmallocfleet.agent.vmallocinfo.VmallocinfoParser;
import io.vmallocfleet.local.simulation.Capture;
import io.vmallocfleet.pipeline.usage.HostUsage;
import io.vmallocfleet.pipeline.usage.Origin;
import io.vmallocfleet.pipeline.usage.SnapshotFold;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.UnreadableRecordException;
import io.vmallocfleet.schemas.snapshot.HostBudget;
import io.vmallocfleet.schemas.snapshot.HostIdentity;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * CPU time per snapshot of a sum by caller, in SQL and as a DataStream job over the jobs' own fold,
 * broker included, in one JVM: the ratio is what counts. Each runs once to warm up, then three
 * times.
 */
final class CallerSumCost {
  private static final int SNAPSHOTS = Integer.getInteger("snapshots", 20_000);
  private static final String SUM =
      "SELECT COUNT(*), SUM(held) FROM"
          + " (SELECT caller, SUM(held_bytes) AS held FROM vmalloc_callers GROUP BY caller)";

  private CallerSumCost() {}

  /** A run that can fail in any way. */
  private interface Run {
    void run() throws Exception;
  }

  public static void main(String[] args) throws Exception {
    Path directory = Files.createTempDirectory("caller-sum-cost-");
    try (SqlStack stack = SqlStack.start(directory)) {
      fill(stack);
      try (var session = stack.session(Map.of())) {
        double sql = cost("SQL", () -> SqlStack.answer(session, SUM));
        double stream = cost("DataStream", () -> sumAsDataStream(stack.kafka().bootstrap()));
        System.out.printf("ratio SQL / DataStream: %.2f%n", sql / stream);
      }
    }
  }

  private static double cost(String name, Run run) throws Exception {
    run.run();
    double best = Double.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      long before = cpuNanos();
      run.run();
      double micros = (cpuNanos() - before) / 1e3 / SNAPSHOTS;
      System.out.printf("%s: %.1f CPU us a snapshot%n", name, micros);
      best = Math.min(best, micros);
    }
    return best;
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void fill(SqlStack stack) {
    byte[] text = Capture.LINUX_5_8.text();
    AreaTable areas = new VmallocinfoParser(ParserLimits.longRunning()).parse(text, text.length);
    var host = new HostIdentity("id", "host", "boot", "5.8.0", "#1", "x86_64", 4096, 2, Map.of());
    var snapshots = new Snapshots(host, new SnapshotEncoder(true));
    System.out.printf("%d snapshots of %d areas%n", SNAPSHOTS, areas.rows());
    for (int written = 0; written < SNAPSHOTS; ) {
      var batch = new byte[Math.min(500, SNAPSHOTS - written)][];
      for (int i = 0; i < batch.length; i++, written++) {
        batch[i] =
            snapshots.of(
                areas,
                new Snapshots.Circumstances(written * 1000L, 0, 0, 0, 0, HostBudget.UNKNOWN));
      }
      stack.kafka().write(FleetTopic.SNAPSHOTS, batch);
    }
  }

  private static void sumAsDataStream(String bootstrap) throws Exception {
    StreamExecutionEnvironment env =
        StreamExecutionEnvironment.createLocalEnvironment(1, new Configuration());
    env.setRuntimeMode(RuntimeExecutionMode.STREAMING);
    env.getConfig().enableObjectReuse();
    KafkaSource<HostUsage> source =
        KafkaSource.<HostUsage>builder()
            .setBootstrapServers(bootstrap)
            .setTopics(FleetTopic.SNAPSHOTS.topicName())
            .setProperty("isolation.level", "read_committed")
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setDeserializer(new Fold())
            .build();
    env.fromSource(source, WatermarkStrategy.noWatermarks(), "snapshots")
        .flatMap(
            (HostUsage usage, Collector<Tuple2<String, Long>> out) -> {
              for (int i = 0; i < usage.callers().size(); i++) {
                out.collect(Tuple2.of(usage.callers().callers()[i], usage.callers().bytes()[i]));
              }
            })
        .returns(Types.TUPLE(Types.STRING, Types.LONG))
        .keyBy(t -> t.f0)
        .sum(1)
        .sinkTo(new DiscardingSink<>());
    env.execute();
  }

  private static final class Fold implements KafkaRecordDeserializationSchema<HostUsage> {
    private transient SnapshotFold fold;

    @Override
    public void open(DeserializationSchema.InitializationContext context) {
      fold = new SnapshotFold();
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<HostUsage> out)
        throws IOException {
      try {
        out.collect(fold.fold(new Origin("", 0, 0, 0), record.value()));
      } catch (UnreadableRecordException e) {
        throw new IOException(e);
      }
    }

    @Override
    public TypeInformation<HostUsage> getProducedType() {
      return TypeInformation.of(HostUsage.class);
    }
  }
}

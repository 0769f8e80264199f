/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.AggregateFunction;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.formats.avro.AvroDeserializationSchema;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.windowing.assigners.TumblingEventTimeWindows;

/**
 * What one would write first: a Kafka record for every area, read by Flink's own Avro format, and a
 * windowed sum by caller and kernel build.
 */
final class PerAreaJob {
  static final String TOPIC = "bench.areas";

  static final Schema SCHEMA =
      SchemaBuilder.record("Area")
          .namespace("bench")
          .fields()
          .requiredString("host")
          .requiredString("kernel")
          .requiredLong("takenAtMillis")
          .requiredString("caller")
          .requiredLong("size")
          .requiredLong("bytes")
          .endRecord();

  private PerAreaJob() {}

  /** One area, out of Avro. */
  public record Area(String host, String key, long takenAtMillis, long size, long bytes) {
    static Area of(GenericRecord area) {
      return new Area(
          area.get("host").toString(),
          area.get("caller") + "\n" + area.get("kernel"),
          (long) area.get("takenAtMillis"),
          (long) area.get("size"),
          (long) area.get("bytes"));
    }
  }

  /** What a caller holds in one window. */
  public record Sum(Set<String> hosts, long areas, long size, long bytes) {}

  static void define(StreamExecutionEnvironment env, String bootstrap) {
    KafkaSource<GenericRecord> areas =
        KafkaSource.<GenericRecord>builder()
            .setBootstrapServers(bootstrap)
            .setTopics(TOPIC)
            .setStartingOffsets(OffsetsInitializer.earliest())
            .setBounded(OffsetsInitializer.latest())
            .setValueOnlyDeserializer(AvroDeserializationSchema.forGeneric(SCHEMA))
            .build();
    env.fromSource(
            areas,
            WatermarkStrategy.<GenericRecord>forBoundedOutOfOrderness(Duration.ofSeconds(10))
                .withTimestampAssigner((area, recordMillis) -> (long) area.get("takenAtMillis")),
            "areas")
        .map(Area::of)
        .keyBy(Area::key)
        .window(TumblingEventTimeWindows.of(Duration.ofMinutes(1)))
        .aggregate(new SumAreas())
        .sinkTo(new DiscardingSink<>());
  }

  private static final class SumAreas implements AggregateFunction<Area, Sum, Sum> {
    @Override
    public Sum createAccumulator() {
      return new Sum(new HashSet<>(), 0, 0, 0);
    }

    @Override
    public Sum add(Area area, Sum sum) {
      sum.hosts().add(area.host());
      return new Sum(
          sum.hosts(), sum.areas() + 1, sum.size() + area.size(), sum.bytes() + area.bytes());
    }

    @Override
    public Sum getResult(Sum sum) {
      return sum;
    }

    @Override
    public Sum merge(Sum a, Sum b) {
      a.hosts().addAll(b.hosts());
      return new Sum(a.hosts(), a.areas() + b.areas(), a.size() + b.size(), a.bytes() + b.bytes());
    }
  }
}

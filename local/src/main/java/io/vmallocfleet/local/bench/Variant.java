/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.bench;

import io.vmallocfleet.pipeline.FleetAnalyticsJob;
import io.vmallocfleet.pipeline.PipelineConfig;
import io.vmallocfleet.pipeline.kafka.FleetTopics;
import io.vmallocfleet.schemas.FleetTopic;
import io.vmallocfleet.schemas.SingleObject;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.TableDescriptor;
import org.apache.flink.table.api.bridge.java.StreamStatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;

/** What reads the topic, from what the machine could do at best to what one would write first. */
enum Variant {
  BYTES("a", "bytes → discard", "the ceiling: what Kafka and Flink cost by themselves", "bytes") {
    @Override
    void define(StreamExecutionEnvironment env, String bootstrap) {
      env.fromSource(
              source(bootstrap, FleetTopic.SNAPSHOTS.topicName()),
              WatermarkStrategy.noWatermarks(),
              "bytes")
          .sinkTo(new DiscardingSink<>());
    }
  },

  FOLD("b", "decode + fold → discard", "every area read, callers and holes summed", "snapshots") {
    @Override
    void define(StreamExecutionEnvironment env, String bootstrap) {
      env.fromSource(
              FleetTopics.snapshots(config(bootstrap)),
              WatermarkStrategy.noWatermarks(),
              "snapshots")
          .sinkTo(new DiscardingSink<>());
    }
  },

  ANALYTICS(
      "c",
      "fleet-analytics",
      "the job as deployed: windows exactly once, all detectors, rules",
      "snapshots") {
    @Override
    void define(StreamExecutionEnvironment env, String bootstrap) {
      FleetAnalyticsJob.define(env, config(bootstrap));
    }
  },

  SQL("d", "Flink SQL", "callers by window and kernel build only, over vmalloc_areas", "areas") {
    @Override
    void define(StreamExecutionEnvironment env, String bootstrap) {
      StreamTableEnvironment tables = StreamTableEnvironment.create(env);
      tables.executeSql(
          "CREATE CATALOG vmalloc WITH ('type' = 'vmalloc', 'bootstrap' = '%s')"
              .formatted(bootstrap));
      tables.useCatalog("vmalloc");
      tables.executeSql(STORED_AREAS);
      tables.createTemporaryTable(
          "discarded",
          TableDescriptor.forConnector("blackhole")
              .schema(
                  Schema.newBuilder()
                      .fromResolvedSchema(tables.sqlQuery(CALLERS_BY_WINDOW).getResolvedSchema())
                      .build())
              .build());
      StreamStatementSet statements = tables.createStatementSet();
      statements.addInsert("discarded", tables.sqlQuery(CALLERS_BY_WINDOW));
      statements.attachAsDataStream();
    }
  },

  PER_AREA(
      "e",
      "one record per area",
      "callers by window and kernel build only, stock Avro, its own topic",
      "areas") {
    @Override
    void define(StreamExecutionEnvironment env, String bootstrap) {
      PerAreaJob.define(env, bootstrap);
    }
  };

  /** A hint is not understood within TUMBLE. */
  private static final String STORED_AREAS =
      """
      CREATE TEMPORARY VIEW stored_areas AS
      SELECT * FROM vmalloc_areas /*+ OPTIONS('scan.bounded.mode' = 'latest-offset') */""";

  private static final String CALLERS_BY_WINDOW =
      """
      SELECT window_start, caller, kernel_release, kernel_build, architecture,
        COUNT(DISTINCT host_id) AS hosts, COUNT(*) AS areas,
        SUM(held_bytes) AS held_bytes, SUM(size_bytes) AS mapped_bytes
      FROM TUMBLE(TABLE stored_areas, DESCRIPTOR(taken_at), INTERVAL '1' MINUTE)
      WHERE kind <> 'unpurged'
      GROUP BY window_start, window_end,
        caller, kernel_release, kernel_build, architecture""";

  private final String letter;
  private final String title;
  private final String about;
  private final String sourceName;

  Variant(String letter, String title, String about, String sourceName) {
    this.letter = letter;
    this.title = title;
    this.about = about;
    this.sourceName = sourceName;
  }

  /** Adds the job to the environment. */
  abstract void define(StreamExecutionEnvironment env, String bootstrap);

  /** As the table and {@code --only} name it. */
  String letter() {
    return letter;
  }

  String title() {
    return title;
  }

  String about() {
    return about;
  }

  /** Part of the name of the source whose records are counted. */
  String sourceName() {
    return sourceName;
  }

  /** Whether it ends by itself, with what the topic holds when it starts. */
  boolean isBounded() {
    return this == SQL || this == PER_AREA;
  }

  /** Whether it keeps state that is worth a checkpoint. */
  boolean isCheckpointed() {
    return this == ANALYTICS;
  }

  /** Settings every variant has, so that none is slower for want of one. */
  static void configure(StreamExecutionEnvironment env, int parallelism) {
    SingleObject.trustOwnClasses();
    var settings = new Configuration();
    settings.set(PipelineOptions.OBJECT_REUSE, true);
    env.configure(settings);
    env.setParallelism(parallelism);
  }

  private static PipelineConfig config(String bootstrap) {
    return PipelineConfig.from(Map.of("VMALLOC_PIPELINE_BOOTSTRAP", bootstrap));
  }

  private static KafkaSource<byte[]> source(String bootstrap, String topic) {
    return KafkaSource.<byte[]>builder()
        .setBootstrapServers(bootstrap)
        .setTopics(topic)
        .setStartingOffsets(OffsetsInitializer.earliest())
        .setDeserializer(new RecordBytes())
        .build();
  }
}

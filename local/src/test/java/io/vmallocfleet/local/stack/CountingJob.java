/* SPDX-License-Identifier: Apache-2.0 */
package io.vmallocfleet.local.stack;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Topic {@code in} to topic {@code out}, exactly once, with state: {@code 17} becomes {@code 17 is
 * number 18 of all}. A lost or doubled record, or state set back, shows in the numbers.
 */
final class CountingJob {
  static final String IN = "in";
  static final String OUT = "out";

  private CountingJob() {}

  static void define(StreamExecutionEnvironment env, String bootstrap, String uid) {
    env.setParallelism(1);
    env.fromSource(
            KafkaSource.<String>builder()
                .setBootstrapServers(bootstrap)
                .setTopics(IN)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setValueOnlyDeserializer(new SimpleStringSchema())
                .build(),
            WatermarkStrategy.noWatermarks(),
            "in")
        .uid("in")
        .keyBy(line -> "all")
        .process(new Numbered())
        .uid(uid)
        .sinkTo(
            KafkaSink.<String>builder()
                .setBootstrapServers(bootstrap)
                .setRecordSerializer(
                    KafkaRecordSerializationSchema.<String>builder()
                        .setTopic(OUT)
                        .setValueSerializationSchema(new SimpleStringSchema(StandardCharsets.UTF_8))
                        .build())
                .setDeliveryGuarantee(DeliveryGuarantee.EXACTLY_ONCE)
                .setTransactionalIdPrefix("counting")
                .setProperty(
                    "transaction.timeout.ms", String.valueOf(Duration.ofHours(1).toMillis()))
                .build())
        .uid("out");
  }

  /** State: how many came so far, never cleared. */
  static final class Numbered extends KeyedProcessFunction<String, String, String> {
    private static final long serialVersionUID = 1L;
    private transient ValueState<Long> count;

    @Override
    public void open(OpenContext context) {
      count = getRuntimeContext().getState(new ValueStateDescriptor<>("count", Long.class));
    }

    @Override
    public void processElement(String line, Context context, Collector<String> out)
        throws Exception {
      long number = count.value() == null ? 1 : count.value() + 1;
      count.update(number);
      out.collect(line + " is number " + number + " of all");
    }
  }
}
